import { listOf, origin, text } from '../../shared/setting-parsers.js';
import { defineSettings } from '../../shared/settings.js';
import type { ProviderSettings } from './providers/index.js';

/** How payment providers are reached; without one, the hub acts on no payments but those that people move. */
export const providerSettings = defineSettings(
  'providers',
  {
    HUB_STRIPE_KEY: {
      about: 'Stripe’s secret key: the hub takes cards through it.',
      fallback: null,
      shown: 'no cards are taken',
      expected: 'a key such as sk_… or rk_…',
      parse: text(/^[sr]k_\w{8,300}$/),
      isSecret: true,
    },
    HUB_STRIPE_WEBHOOK_SECRETS: {
      about: 'What Stripe signs its webhooks with, to /payments/webhooks/stripe; two while one replaces the other.',
      fallback: null,
      shown: 'none; news is found by asking',
      expected: 'secrets such as whsec_…, separated by commas',
      parse: listOf(text(/^whsec_\S{8,300}$/)),
      isSecret: true,
    },
    HUB_STRIPE_URL: {
      about: 'Where Stripe is reached.',
      fallback: 'https://api.stripe.com',
      expected: 'an http or https URL without a path',
      parse: origin,
    },
  },
  {
    read: ({ HUB_STRIPE_KEY: secretKey, HUB_STRIPE_URL: url, ...values }): ProviderSettings => ({
      stripe: secretKey ? { secretKey, webhookSecrets: values.HUB_STRIPE_WEBHOOK_SECRETS ?? [], url } : null,
    }),
    audit: ({ stripe }) => ({
      open: { 'stripe.url': stripe?.url ?? null },
      secret: {
        'stripe.key': stripe?.secretKey ?? null,
        'stripe.webhookSecrets': stripe?.webhookSecrets.join(',') || null,
      },
    }),
  },
);
