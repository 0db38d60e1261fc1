// Documents of the hub: what a sheet shows becomes a PDF, and a link that is signed and expires leads to it.
export { documentRoute, pathOf, type DocumentSource } from './document-route.js';
export { documents } from './module.js';
export { amountIn, countryIn, dayIn, decimalIn, moneyIn, percentIn, unitPriceIn } from './formats.js';
export { documentIssuer, type Issuer, type Seller } from './issuer.js';
export { DocumentLanguage } from './language.type.js';
export { isLanguage, LANGUAGES, languageOf, type Language } from './languages.js';
export { signedLinks, type LinkTarget } from './links.js';
export { postalLines } from './postal-lines.js';
export type { Cell, Column, Fact, Party, Sheet, SheetTable, Total } from './sheet.js';
export { renderPdf } from './render-pdf.js';
