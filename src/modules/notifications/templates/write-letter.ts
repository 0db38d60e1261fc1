import type { Audience, Language } from '../notification.rules.js';

/** A letter before it is text or HTML: a template says it once, and both show the same. */
export interface LetterBody {
  subject: string;
  paragraphs: string[];
  /** Two or more columns, the first is text. */
  rows?: string[][];
  /** Shown only where it is an http or https address. */
  link?: { label: string; url: string } | null;
}

export interface Written {
  subject: string;
  text: string;
  html: string;
}

const WHY: Record<Audience, Record<Language, string>> = {
  CUSTOMER: {
    en: 'You get this e-mail because of an order with',
    it: 'Riceve questa e-mail per un ordine presso',
  },
  DEPARTMENT: {
    en: 'This address is told what happens to orders of',
    it: 'Questo indirizzo viene informato sugli ordini di',
  },
};
const STOP: Record<Language, string> = { en: 'Stop these e-mails', it: 'Non ricevere più queste e-mail' };
/** What begins a letter's foot. */
export const FOOT = '\n\n-- \n';

/** To whom a letter goes, and from whom. */
export interface Addressed {
  audience: Audience;
  language: Language;
  seller: string;
  optOutUrl: string;
}

/** Whatever stands in the body is text: nothing of it can become HTML. */
export function writeLetter(body: LetterBody, { audience, language, seller, optOutUrl }: Addressed): Written {
  const link = body.link && isWebAddress(body.link.url) ? body.link : null;
  const [why, stop] = [WHY[audience][language], STOP[language]];
  return { subject: body.subject, text: asText(), html: asHtml() };

  function asText(): string {
    const rows = (body.rows ?? []).map((row) => row.filter((cell) => cell !== '').join('  '));
    const parts = [
      ...body.paragraphs,
      ...(rows.length > 0 ? [rows.join('\n')] : []),
      ...(link ? [`${link.label}: ${link.url}`] : []),
    ];
    return `${parts.join('\n\n')}${FOOT}${why} ${seller}.\n${stop}: ${optOutUrl}\n`;
  }

  function asHtml(): string {
    const paragraphs = body.paragraphs.map((words) => `<p style="margin:0 0 16px">${lines(words)}</p>`);
    const rows = (body.rows ?? []).map((row) => `<tr>${row.map(cell).join('')}</tr>`);
    const table =
      rows.length > 0
        ? `<table role="presentation" width="100%" style="border-collapse:collapse;margin:0 0 16px">${rows.join('')}</table>`
        : '';
    const button = link
      ? `<p style="margin:0 0 16px"><a href="${escaped(link.url)}" style="display:inline-block;background:#1f4fd8;color:#ffffff;` +
        `padding:10px 18px;border-radius:4px;text-decoration:none">${escaped(link.label)}</a></p>`
      : '';
    const footer =
      `<p style="margin:24px 0 0;padding:16px 0 0;border-top:1px solid #dddddd;color:#666666;font-size:13px">${escaped(why)} ` +
      `${escaped(seller)}.<br><a href="${escaped(optOutUrl)}" style="color:#666666">${escaped(stop)}</a></p>`;
    return (
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${escaped(body.subject)}</title></head><body style="margin:0;padding:24px;background:#f4f5f7">` +
      '<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:6px;color:#222222;' +
      'font:15px/1.5 Arial,Helvetica,sans-serif">' +
      `<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escaped(body.subject)}</h1>` +
      `${paragraphs.join('')}${table}${button}${footer}</div></body></html>`
    );
  }
}

const CELL = 'padding:8px 0;border-bottom:1px solid #eeeeee;vertical-align:top';

function cell(text: string, index: number): string {
  const side = index === 0 ? '' : ';text-align:right;white-space:nowrap;padding-left:16px';
  return `<td style="${CELL}${side}">${escaped(text)}</td>`;
}

function lines(text: string): string {
  return escaped(text).replaceAll('\n', '<br>');
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\/\S+$/.test(url) && URL.canParse(url);
}
