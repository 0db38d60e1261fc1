/** Whose mail becomes orders: that of customers' known addresses, and what is let in besides. */
export interface SenderRules {
  isAnyone: boolean;
  /** Addresses, and domains as "@example.com". */
  besides: readonly string[];
}

export function isLetIn({ isAnyone, besides }: SenderRules, address: string): boolean {
  return isAnyone || besides.includes(address) || besides.includes(address.slice(address.lastIndexOf('@')));
}

/** Whether mail for this address is taken; "orders@*" is that name in any domain. */
export function isOrdersAddress(addresses: readonly string[], recipient: string): boolean {
  const address = recipient.toLowerCase();
  return addresses.some((own) => (own.endsWith('@*') ? address.startsWith(own.slice(0, -1)) : own === address));
}

/**
 * Why no person has sent this to order something; null where one may have. What machines send is never answered with a
 * draft: an absence note, a bounce or a list would go round in circles.
 */
export function machineReason(envelopeFrom: string, header: (name: string) => string | null): string | null {
  if (envelopeFrom === '') return 'a notice of delivery: it names no sender';
  const submitted = header('auto-submitted')?.toLowerCase().trim();
  if (submitted && !submitted.startsWith('no')) return `sent by a machine (Auto-Submitted: ${submitted.slice(0, 50)})`;
  if (header('list-id') !== null || header('list-unsubscribe') !== null) return 'sent by a mailing list';
  const precedence = header('precedence')?.toLowerCase().trim();
  if (precedence && ['bulk', 'junk', 'list', 'auto_reply'].includes(precedence))
    return `sent by a machine (Precedence: ${precedence})`;
  if (header('x-autoreply') !== null || header('x-autorespond') !== null) return 'an automatic answer';
  return null;
}
