const SHORTEST = 6;

/**
 * Puts dots in place of secrets, however a message came by them: a system may say back what it was told. Texts too short
 * to be secrets stay, or every word would be full of dots.
 */
export function secretMask(secrets: unknown): (message: string) => string {
  const forms = [...new Set(textsIn(secrets).flatMap(formsOf))].filter(({ length }) => length >= SHORTEST);
  // The longest first: one secret may be part of another.
  forms.sort((a, b) => b.length - a.length);
  return (message) => forms.reduce((text, form) => text.replaceAll(form, '•••'), message);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}

function formsOf(text: string): string[] {
  return [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)];
}
