/** A line of a text, with its number there. */
export interface TextLine {
  number: number;
  text: string;
}
export interface OwnText {
  lines: TextLine[];
  /** Whether something was left out: an answer's quotation, or what was forwarded. */
  hasQuoted: boolean;
}

const ORIGINAL = /^[-_\s]*(original message|forwarded message|messaggio originale|messaggio inoltrato)[-_\s]*$/i;
const WROTE = /^(on|am|il( giorno)?|le)\b.{5,300}\b(wrote|ha scritto|a écrit|schrieb.{0,100})\s*:$/i;
const RULE = /^_{10,}$/;
const FROM = /^\*?(from|da|von|de)\s*:\*?\s\S/i;
const SENT = /^\*?(sent|date|inviato|data|gesendet|envoyé)\s*:\*?\s/i;
const DEVICE = /^(sent from my |inviato da(l mio)? )/i;

/** What the sender wrote anew: without quotations, what stands below an answer's head, and the signature. */
export function ownText(text: string): OwnText {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.replaceAll(/[\u00a0\u200b\ufeff]/g, ' ').trimEnd());
  const own: TextLine[] = [];
  let hasQuoted = false;
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (line === '--' || lines[index] === '-- ') break;
    if (isReplyHead(trimmed, lines, index)) {
      hasQuoted = true;
      break;
    }
    if (trimmed.startsWith('>')) hasQuoted = true;
    else if (!DEVICE.test(trimmed)) own.push({ number: index + 1, text: line });
  }
  return { lines: own, hasQuoted };
}

function isReplyHead(line: string, lines: readonly string[], index: number): boolean {
  if (ORIGINAL.test(line) || RULE.test(line)) return true;
  // Long heads are folded.
  if (WROTE.test(line) || WROTE.test(`${line} ${lines[index + 1]?.trim() ?? ''}`)) return true;
  return FROM.test(line) && lines.slice(index + 1, index + 4).some((next) => SENT.test(next.trim()));
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', times: '×' };

/** The words of a document, with its rows as lines and its cells parted by tabs; what it would do or show is left out. */
export function textOfHtml(html: string): string {
  const words = html
    .replaceAll(/<!--[\s\S]*?(-->|$)/g, ' ')
    .replaceAll(/<(style|script|head|title)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<blockquote\b[^<>]*>/gi, '\n-----Original Message-----\n')
    .replaceAll(/<\/t[dh]\s*>\s*(?=<t[dh]\b)/gi, '\t')
    .replaceAll(/<(br|\/p|\/div|\/tr|\/li|\/h[1-6]|\/table)\b[^<>]*>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '');
  return words
    .replaceAll(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,10});/gi, (whole, name: string) => entity(name) ?? whole)
    .replaceAll(/ *\t */g, '\t')
    .replaceAll(/ *\n */g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
