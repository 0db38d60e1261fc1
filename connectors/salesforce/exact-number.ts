// The compiler’s library does not know it yet.
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/** A decimal that goes out as a number with all its digits. */
export function exactNumber(decimal: string): unknown {
  return rawJSON(decimal);
}
