import { createHash } from 'node:crypto';
import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { oneLine } from '../../shared/one-line.js';
import { textOfHtml } from './mail-text.rules.js';

/** What a mail holds, taken apart; all of it is the sender's word alone. */
export interface ParsedMail {
  from: { address: string; name: string } | null;
  subject: string;
  text: string;
  attachments: { name: string; mimeType: string; isInline: boolean; content: Buffer }[];
  header(name: string): string | null;
}

const MAX_HEADERS = 256 * 1024;
const MAX_TEXT = 500_000;
const MAX_SUBJECT = 500;
const MAX_NAME = 200;

/** Throws where the mail is put together in a way that nobody can take apart. */
export async function parseMail(source: Buffer): Promise<ParsedMail> {
  const mail = await PostalMime.parse(source, {
    forceRfc822Attachments: true,
    maxNestingDepth: 32,
    maxHeadersSize: MAX_HEADERS,
  });
  const { address = '', name = '' } = mail.from?.group ? (mail.from.group[0] ?? {}) : (mail.from ?? {});
  return {
    from: address === '' ? null : { address: oneLine(address.toLowerCase(), 320), name: oneLine(name, MAX_NAME) },
    subject: oneLine(mail.subject ?? '', MAX_SUBJECT),
    text: withoutNull(textOf(mail).slice(0, MAX_TEXT)),
    attachments: mail.attachments.map(attachmentOf),
    header: (wanted) => mail.headers.find(({ key }) => key === wanted)?.value ?? null,
  };
}

/** What no text of the database can hold. */
export function withoutNull(text: string): string {
  return text.replaceAll('\0', '');
}

function textOf({ text, html }: Email): string {
  if (text !== undefined && text.trim() !== '') return text;
  return html === undefined ? '' : textOfHtml(html.slice(0, MAX_TEXT));
}

function attachmentOf({ filename, mimeType, disposition, related, content }: Attachment, index: number) {
  return {
    name: oneLine(filename ?? '', MAX_NAME) || `attachment ${index + 1}`,
    mimeType,
    isInline: related === true || disposition === 'inline',
    content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as Uint8Array),
  };
}

const HEADER = /^([\w-]+):[ \t]*((?:[^\r\n]|\r?\n[ \t])*)/gm;

/**
 * What two deliveries of one mail have in common: its Message-ID and its content. The way that it came, which stands in
 * the headers, differs; where there is no Message-ID, sender, date and subject stand for it.
 */
export function mailKey(source: Buffer): { key: Buffer; messageId: string | null } {
  const end = endOfHeaders(source);
  const headers = new Map<string, string>();
  for (const [, name, value] of source.subarray(0, Math.min(end, MAX_HEADERS)).toString('latin1').matchAll(HEADER)) {
    if (!headers.has(name!.toLowerCase())) headers.set(name!.toLowerCase(), value!.replaceAll(/\s+/g, ' ').trim());
  }
  const messageId = oneLine(headers.get('message-id') ?? '', MAX_SUBJECT) || null;
  const named = messageId ?? ['from', 'date', 'subject'].map((name) => headers.get(name) ?? '').join('\n');
  // Line ends may be changed on the way.
  const content = source.subarray(end).toString('latin1').replaceAll('\r\n', '\n').trim();
  return { key: createHash('sha256').update(`${named}\n\n`).update(content, 'latin1').digest(), messageId };
}

function endOfHeaders(source: Buffer): number {
  const ends = ['\r\n\r\n', '\n\n'].map((gap) => source.indexOf(gap)).filter((index) => index >= 0);
  return ends.length === 0 ? source.length : Math.min(...ends);
}
