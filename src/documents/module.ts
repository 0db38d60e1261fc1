import type { Module } from '../graph/module.js';
import { documentSettings } from './document.settings.js';
import { documentIssuer } from './issuer.js';
import { SignedLinks, signedLinks } from './links.js';

/** What all modules with documents share: who stands on them, and the links that open them. */
export const documents = {
  name: 'documents',
  settings: [documentSettings],
  services: ({ services, secretKey, publicUrl }) => {
    const { linkHours, ...issuer } = services.get(documentSettings);
    const lifetimeMs = linkHours * 3_600_000;
    services
      .provide(documentIssuer, issuer)
      .provide(signedLinks, new SignedLinks({ secretKey, publicUrl, lifetimeMs }));
  },
} satisfies Module;
