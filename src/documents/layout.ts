import type { Content, createPdf, TableCell, TableLayout } from 'pdfmake';
import { barcodeSvg } from './barcode.js';
import type { Language } from './languages.js';
import type { Cell, Fact, Party, Sheet, SheetTable, Total } from './sheet.js';

export type Definition = Parameters<typeof createPdf>[0];

const INK = '#1c2430';
const QUIET = '#5c6675';
const RULE = '#c9ced6';
const BARS = { width: 140, height: 18 };
/** Between two columns of a table. */
const PADDING = 10;
const WORDS: Readonly<Record<Language, { page: (page: number, pages: number) => string }>> = {
  en: { page: (page, pages) => `Page ${page} of ${pages}` },
  it: { page: (page, pages) => `Pagina ${page} di ${pages}` },
};

const ruled: TableLayout = {
  hLineWidth: (line, { table }) => (line === 0 ? 0 : line === (table.headerRows ?? 0) ? 0.8 : 0.4),
  vLineWidth: () => 0,
  hLineColor: (line, { table }) => (line === (table.headerRows ?? 0) ? INK : RULE),
  paddingLeft: (column) => (column === 0 ? 0 : PADDING / 2),
  paddingRight: (column, { table }) => (column === (table.widths as unknown[]).length - 1 ? 0 : PADDING / 2),
  paddingTop: () => 4,
  paddingBottom: () => 4,
};
/** Across a page between its margins. */
const WIDTH = 595.28 - 2 * 48;
const SUMMARY_INDENT = 120;
const FACTS = 190;
const GAP = 16;
/** So many letters of a cell are on one page in any case. */
const MOST_WHOLE = 1_000;
const bare: TableLayout = {
  hLineWidth: () => 0,
  vLineWidth: () => 0,
  paddingLeft: () => 0,
  paddingRight: (column, { table }) => (column === (table.widths as unknown[]).length - 1 ? 0 : 8),
  paddingTop: () => 1,
  paddingBottom: () => 1,
};

/** Sets a sheet on A4 pages. Pure: texts are shown as they are, and nothing in them is read as anything else. */
export function layOut(sheet: Sheet): Definition {
  const { language, title, number, foot, at } = sheet;
  return {
    pageSize: 'A4',
    pageMargins: [48, 52, 48, 60],
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.15, color: INK },
    info: { title: `${title} ${number}`, author: sheet.issuer[0] ?? '', creationDate: at, modDate: at },
    language,
    header: (page: number) =>
      page === 1 ? null : { text: `${title} ${number}`, color: QUIET, fontSize: 8, margin: [48, 28, 48, 0] },
    footer: (page: number, pages: number) => ({
      margin: [48, 16, 48, 0],
      fontSize: 7.5,
      color: QUIET,
      columns: [
        { text: foot, width: '*' },
        { text: WORDS[language].page(page, pages), width: 'auto', alignment: 'right' },
      ],
    }),
    content: [
      head(sheet),
      partiesAndFacts(sheet.parties, sheet.facts),
      table(sheet.table, 9, WIDTH),
      ...(sheet.totals ? [totals(sheet.totals)] : []),
      ...(sheet.summary
        ? [{ stack: [table(sheet.summary, 8, WIDTH - SUMMARY_INDENT)], margin: [0, 18, SUMMARY_INDENT, 0] } as Content]
        : []),
      ...(sheet.notes ?? []).map((note): Content => ({ text: shown(note), color: QUIET, margin: [0, 12, 0, 0] })),
    ],
  };
}

function head({ issuer, title, number }: Sheet): Content {
  const [name, ...rest] = issuer;
  return {
    margin: [0, 0, 0, 26],
    columns: [
      {
        width: '*',
        stack: [
          { text: name ?? '', fontSize: 12, bold: true, margin: [0, 0, 0, 3] },
          ...rest.map((text): Content => ({ text, color: QUIET, fontSize: 8.5 })),
        ],
      },
      {
        width: 220,
        alignment: 'right',
        stack: [
          { text: title, fontSize: 18, lineHeight: 1 },
          { text: number, fontSize: 11, color: QUIET, margin: [0, 4, 0, 0] },
        ],
      },
    ],
  };
}

function partiesAndFacts(parties: readonly Party[], facts: readonly Fact[]): Content {
  // In points, like those of tables: a long word is broken rather than written over the next column.
  const width = (WIDTH - FACTS - parties.length * GAP) / parties.length;
  return {
    margin: [0, 0, 0, 22],
    columnGap: GAP,
    columns: [
      ...parties.map(({ label, lines }): { width: number; stack: Content[] } => {
        const [first, ...rest] = lines;
        const body: Content[] = rest.map((text) => ({ text: shown(text) }));
        return { width, stack: [quiet(label), { text: shown(first ?? ''), bold: true }, ...body] };
      }),
      {
        width: FACTS,
        layout: bare,
        table: {
          widths: [78, FACTS - 78 - 8],
          body: facts.map(({ label, value }): TableCell[] => [
            { text: label, color: QUIET, fontSize: 8 },
            { text: shown(value) },
          ]),
        },
      },
    ],
  };
}

/** A word of hundreds of letters would be left out: it is divided. */
function shown(text: string): string {
  return text.replace(/\S{100}(?=\S)/g, '$& ');
}

function quiet(text: string): Content {
  return { text, color: QUIET, fontSize: 8, margin: [0, 0, 0, 2] };
}

function table({ columns, rows }: SheetTable, fontSize: number, across: number): Content {
  const fixed = columns.reduce(
    (sum, { width }) => sum + (width === 'rest' ? 0 : width),
    PADDING * (columns.length - 1),
  );
  // In points, not "*": a column that may grow is as wide as its longest word, and pushes the others off the page.
  const rest = (across - fixed) / columns.filter(({ width }) => width === 'rest').length;
  // What is taller than a page and has to be whole would be left out.
  const isWhole = rows.every((cells) => cells.every(({ text }) => text.length < MOST_WHOLE));
  return {
    fontSize,
    layout: ruled,
    table: {
      headerRows: 1,
      keepWithHeaderRows: isWhole ? 1 : 0,
      dontBreakRows: isWhole,
      widths: columns.map(({ width }) => (width === 'rest' ? rest : width)),
      body: [
        columns.map(({ title, isRight }): TableCell => ({
          text: title,
          color: QUIET,
          fontSize: 8,
          alignment: isRight ? 'right' : 'left',
        })),
        ...rows.map((cells) => cells.map((one, place) => cell(one, columns[place]?.isRight ?? false))),
      ],
    },
  };
}

function cell({ text, detail = [], barcode, isBox }: Cell, isRight: boolean): TableCell {
  const alignment = isRight ? 'right' : 'left';
  if (isBox) return { canvas: [{ type: 'rect', x: 0, y: 1, w: 10, h: 10, lineWidth: 0.7, lineColor: INK }] };
  const bars = barcode === undefined ? null : barcodeSvg(barcode, BARS.width / BARS.height);
  if (detail.length === 0 && bars === null) return { text: shown(text), alignment };
  return {
    alignment,
    stack: [
      { text: shown(text) },
      ...detail.map((line): Content => ({ text: line, color: QUIET, fontSize: 7.5 })),
      ...(bars === null ? [] : [{ svg: bars, fit: [BARS.width, BARS.height], margin: [0, 3, 0, 0] } as Content]),
    ],
  };
}

/** Together on one page: a total alone on the last one would be read as another document's. */
function totals(lines: readonly Total[]): Content {
  return {
    unbreakable: true,
    margin: [0, 10, 0, 0],
    columns: [
      { width: '*', text: '' },
      {
        width: 260,
        layout: bare,
        table: {
          widths: ['*', 'auto'],
          body: lines.map(({ label, value, isStrong = false }): TableCell[] => {
            const style = isStrong ? { bold: true, fontSize: 10.5 } : {};
            return [
              { text: label, ...style },
              { text: value, alignment: 'right', ...style },
            ];
          }),
        },
      },
    ],
  };
}
