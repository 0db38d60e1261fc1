import type { GraphServices } from '../graph/context.js';
import { sendJson, type Route } from '../graph/http.js';
import { isLanguage, type Language } from './languages.js';
import { signedLinks } from './links.js';
import { renderPdf } from './render-pdf.js';
import type { Sheet } from './sheet.js';

/** A kind of document that links lead to. */
export interface DocumentSource {
  /** Stands in the path and in the signature, e.g. "invoice". */
  kind: string;
  /** What the file is called, and what it shows; null where the record is gone. */
  find(id: string, language: Language, hub: GraphServices): Promise<{ name: string; sheet: Sheet } | null>;
}

export function pathOf({ kind }: Pick<DocumentSource, 'kind'>): string {
  return `/documents/${kind}/`;
}

/**
 * `GET /documents/<kind>/<id>?language=…&expires=…&signature=…`: the PDF for whoever has a link that the hub signed. What it
 * shows is looked up only behind a good signature.
 */
export function documentRoute(hub: GraphServices, source: DocumentSource): Route {
  const path = pathOf(source);
  return {
    method: 'GET',
    path: `${path}*`,
    async handle({ req, res, url }) {
      const now = hub.clock.now();
      const id = url.pathname.slice(path.length);
      const [language, expires, signature] = ['language', 'expires', 'signature'].map(
        (name) => url.searchParams.get(name) ?? '',
      ) as [string, string, string];
      const check = hub.services.get(signedLinks).check({ kind: source.kind, id, language }, expires, signature, now);
      const refuse = (status: number, error: string) =>
        sendJson(res, status, { error }, { 'cache-control': 'no-store' });
      if (check === 'FORGED' || !isLanguage(language))
        return refuse(403, 'the link is not one that the hub has signed');
      if (check === 'EXPIRED') return refuse(410, 'the link has expired; ask for a new one');
      const found = await source.find(id, language, hub);
      if (!found) return refuse(404, 'the document is no longer there');
      const pdf = await renderPdf(found.sheet);
      const secondsLeft = Math.max(0, Math.floor((Number(expires) * 1000 - now.getTime()) / 1000));
      res.writeHead(200, {
        'content-type': 'application/pdf',
        'content-length': pdf.length,
        'content-disposition': `inline; filename="${found.name.replace(/[^\w.-]+/g, '-')}.pdf"`,
        'cache-control': `private, max-age=${secondsLeft}`,
        'content-security-policy': "default-src 'none'",
        'referrer-policy': 'no-referrer',
      });
      res.end(req.method === 'HEAD' ? undefined : pdf);
    },
  };
}
