export const LANGUAGES = ['en', 'it'] as const;
/** What a document can be written in. */
export type Language = (typeof LANGUAGES)[number];

const COUNTRIES: Readonly<Record<string, Language>> = { IT: 'it', SM: 'it', VA: 'it' };

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}

/** The language that is read in a country; English where it is none of those there are. */
export function languageOf(country: string | null | undefined): Language {
  return COUNTRIES[country ?? ''] ?? 'en';
}
