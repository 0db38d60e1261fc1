import { listOf, origin, text } from '../../shared/setting-parsers.js';
import { defineSettings } from '../../shared/settings.js';
import type { CarrierSettings } from './providers/index.js';

/** How carriers are reached; without one, nobody is asked, and own prices alone are offered. */
export const carrierSettings = defineSettings(
  'carriers',
  {
    HUB_EASYPOST_KEY: {
      about: 'EasyPost’s API key: the hub asks its carriers for prices and buys labels through it.',
      fallback: null,
      shown: 'no carrier is asked; own prices alone',
      expected: 'a key such as EZTK… or EZAK…',
      parse: text(/^\w{8,300}$/),
      isSecret: true,
    },
    HUB_EASYPOST_WEBHOOK_SECRETS: {
      about: 'What EasyPost signs its webhooks with, to /carriers/webhooks/easypost; two while one replaces the other.',
      fallback: null,
      shown: 'none; news is found by asking',
      expected: 'secrets of at least 8 characters, separated by commas',
      parse: listOf(text(/^[^]{8,300}$/)),
      isSecret: true,
    },
    HUB_EASYPOST_URL: {
      about: 'Where EasyPost is reached.',
      fallback: 'https://api.easypost.com',
      expected: 'an http or https URL without a path',
      parse: origin,
    },
  },
  {
    read: ({ HUB_EASYPOST_KEY: apiKey, HUB_EASYPOST_URL: url, ...values }): CarrierSettings => ({
      easypost: apiKey ? { apiKey, webhookSecrets: values.HUB_EASYPOST_WEBHOOK_SECRETS ?? [], url } : null,
    }),
    audit: ({ easypost }) => ({
      open: { 'easypost.url': easypost?.url ?? null },
      secret: {
        'easypost.key': easypost?.apiKey ?? null,
        'easypost.webhookSecrets': easypost?.webhookSecrets.join(',') || null,
      },
    }),
  },
);
