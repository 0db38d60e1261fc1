import type { CarrierProvider } from '../provider.js';
import type { EasyPostSettings } from './easypost/index.js';

/** How each provider is reached that is asked over the network; null where the hub does not ask it. */
export interface CarrierSettings {
  easypost?: EasyPostSettings | null;
}

/** The providers that the hub asks, by their code. One that is not used is not loaded. */
export async function carrierProvidersOf({ easypost }: CarrierSettings): Promise<ReadonlyMap<string, CarrierProvider>> {
  const providers = easypost ? [(await import('./easypost/index.js')).easyPost(easypost)] : [];
  return new Map(providers.map((provider) => [provider.code, provider]));
}
