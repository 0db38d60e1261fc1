import { extractText, getDocumentProxy } from 'unpdf';

/** What is written on each page of a PDF. */
export async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false });
  return text;
}
