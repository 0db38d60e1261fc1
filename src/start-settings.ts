import { INVOICES, RETURN_WINDOW_DAYS, type HubParts } from './hub-parts.js';
import { MAIL_KEEP_DAYS } from './modules/mail/index.js';
import { USUAL_VERIFICATION, type VerificationSettings } from './modules/order-flow/index.js';
import { hostPortText } from './shared/host-port.js';

/** What decides how every hub of this database behaves; where one listens is its own affair. */
export function startSettings(parts: HubParts) {
  const { seller, publicUrl: url, allowedOrigins, trusted, egressAllow, secretKey, adminKey } = parts;
  const stripe = parts.providers?.stripe;
  const { issueAt, isForStated } = { ...INVOICES, ...parts.invoices };
  const named = parts.documents?.seller;
  const easypost = parts.carriers?.easypost;
  const outbound = parts.outboundMail?.server;
  return {
    open: {
      'seller.country': seller.country,
      'seller.currency': seller.currency,
      'seller.taxRounding': seller.taxRounding === 'ORDER' ? 'ORDER' : null,
      ...unusualVerification(parts.verification ?? {}),
      'seller.returnWindowDays':
        seller.returnWindowDays === RETURN_WINDOW_DAYS ? null : (seller.returnWindowDays?.toString() ?? null),
      publicUrl: url,
      allowedOrigins: [...(allowedOrigins ?? [])].toSorted().join(', ') || null,
      trustedOnly: trusted?.only ? 'on' : null,
      egressAllow: (egressAllow ?? []).map(hostPortText).toSorted().join(', ') || null,
      'invoices.at': issueAt === 'SHIPMENT' ? null : issueAt,
      'invoices.isForStated': isForStated ? 'on' : null,
      'documents.seller': named ? [named.name, ...named.address, named.taxId].join(', ') : null,
      'stripe.url': stripe?.url ?? null,
      'easypost.url': easypost?.url ?? null,
      ...mailInAudit(parts),
    },
    secret: {
      secretKey,
      adminKey,
      'stripe.key': stripe?.secretKey ?? null,
      'stripe.webhookSecrets': stripe?.webhookSecrets.join(',') || null,
      'easypost.key': easypost?.apiKey ?? null,
      'easypost.webhookSecrets': easypost?.webhookSecrets.join(',') || null,
      'mail.login': outbound?.auth ? `${outbound.auth.user}:${outbound.auth.pass}` : null,
    },
  };
}

/** What is as usual goes without saying. */
function unusualVerification(settings: Partial<VerificationSettings>): Record<string, string | null> {
  const { checksAddresses, duplicateWindowMs, priceTolerance } = { ...USUAL_VERIFICATION, ...settings };
  const usual = USUAL_VERIFICATION;
  return {
    'verification.addresses': checksAddresses === usual.checksAddresses ? null : 'off',
    'verification.duplicateWindowMs': duplicateWindowMs === usual.duplicateWindowMs ? null : String(duplicateWindowMs),
    'verification.priceTolerance': priceTolerance,
  };
}

function mailInAudit({
  inboundMail,
  outboundMail,
  mailKeepDays = MAIL_KEEP_DAYS,
}: HubParts): Record<string, string | null> {
  const { isAnyone, besides } = inboundMail?.senders ?? { isAnyone: false, besides: [] };
  const departments = Object.entries(outboundMail?.departments ?? {}).map(([name, address]) => `${name}=${address}`);
  return {
    'mail.addresses': inboundMail?.addresses.join(', ') ?? null,
    'mail.keepDays': mailKeepDays === MAIL_KEEP_DAYS ? null : String(mailKeepDays),
    'mail.senders': (isAnyone ? ['anyone'] : besides).join(', ') || null,
    'mail.server': outboundMail ? hostPortText(outboundMail.server) : null,
    'mail.from': outboundMail?.from.address ?? null,
    'mail.departments': departments.toSorted().join(', ') || null,
  };
}
