/** A text of others as one line: what ends a line or changes how it is shown becomes a space. */
export function oneLine(text: string, length: number): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, length);
}
