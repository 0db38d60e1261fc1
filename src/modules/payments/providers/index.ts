import type { PaymentProvider } from '../provider.js';
import { manual } from './manual.js';
import type { StripeSettings } from './stripe/index.js';

/** How each provider is reached that is asked over the network; null where the hub does not act through it. */
export interface ProviderSettings {
  stripe?: StripeSettings | null;
}

/** The providers that the hub acts through, by their code. One that is not used is not loaded. */
export async function providersOf({ stripe }: ProviderSettings): Promise<ReadonlyMap<string, PaymentProvider>> {
  const remote = stripe ? [(await import('./stripe/index.js')).stripe(stripe)] : [];
  return new Map([manual, ...remote].map((provider): [string, PaymentProvider] => [provider.code, provider]));
}
