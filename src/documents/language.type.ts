import { registerEnumType } from 'type-graphql';
import { LANGUAGES } from './languages.js';

export const DocumentLanguage = Object.fromEntries(LANGUAGES.map((language) => [language.toUpperCase(), language]));
registerEnumType(DocumentLanguage, {
  name: 'DocumentLanguage',
  description: 'What a document is written in. The list may grow.',
  valuesConfig: { EN: { description: 'English.' }, IT: { description: 'Italian.' } },
});
