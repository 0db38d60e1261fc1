import type { PaymentProvider } from '../provider.js';
import { manual } from './manual.js';
import { stripe, type StripeSettings } from './stripe/index.js';

/** How each provider is reached that is asked over the network; null where the hub does not act through it. */
export interface ProviderSettings {
  stripe?: StripeSettings | null;
}

/** The providers that the hub acts through, by their code. */
export function providersOf(settings: ProviderSettings): ReadonlyMap<string, PaymentProvider> {
  const providers: PaymentProvider[] = [manual, ...(settings.stripe ? [stripe(settings.stripe)] : [])];
  return new Map(providers.map((provider) => [provider.code, provider]));
}
