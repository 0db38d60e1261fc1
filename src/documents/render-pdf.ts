import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Definition } from './layout.js';
import type { Sheet } from './sheet.js';

const FACES = {
  normal: 'Roboto-Regular.ttf',
  bold: 'Roboto-Medium.ttf',
  italics: 'Roboto-Italic.ttf',
  bolditalics: 'Roboto-MediumItalic.ttf',
};

let before: Promise<unknown> = Promise.resolve();

/** A sheet as the bytes of a PDF. One at a time: many at once would not be ready sooner and take more memory. */
export function renderPdf(sheet: Sheet): Promise<Buffer> {
  const rendered = before.then(() => render(sheet));
  before = rendered.catch(() => {});
  return rendered;
}

let loaded: Promise<(sheet: Sheet) => Promise<Buffer>> | undefined;

async function render(sheet: Sheet): Promise<Buffer> {
  loaded ??= load().catch((error: unknown) => {
    // What could not be read once may be read with the next document.
    loaded = undefined;
    throw error;
  });
  return (await loaded)(sheet);
}

/** With the first document: a hub that shows none does not carry it. */
async function load(): Promise<(sheet: Sheet) => Promise<Buffer>> {
  const [{ default: pdfmake }, { layOut }] = await Promise.all([import('pdfmake'), import('./layout.js')]);
  const fonts = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');
  const faces = Object.fromEntries(Object.entries(FACES).map(([face, file]) => [face, join(fonts, file)]));
  pdfmake.setFonts({ Roboto: faces as typeof FACES });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => Object.values(faces).includes(path));
  const make = (definition: Definition) => pdfmake.createPdf(definition).getBuffer() as Promise<Buffer>;
  return (sheet) => make(layOut(sheet));
}
