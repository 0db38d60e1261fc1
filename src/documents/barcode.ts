import { toSVG } from 'bwip-js/node';

/** So many letters at most: the bars of more would be too fine for a scanner at the width there is. */
const PRINTABLE = /^[\x20-\x7e]{1,20}$/;
const HEIGHT_MM = 7;

/** A Code 128 barcode as SVG, no wider for its height than told; null where the text is none that it can carry. */
export function barcodeSvg(text: string, widest: number): string | null {
  if (!PRINTABLE.test(text)) return null;
  const svg = bars(text, HEIGHT_MM);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  const tooWide = Number(width) / Number(height) / widest;
  return tooWide > 1 ? bars(text, HEIGHT_MM * tooWide) : svg;
}

function bars(text: string, height: number): string {
  return toSVG({ bcid: 'code128', text, height, paddingwidth: 0, paddingheight: 0 });
}
