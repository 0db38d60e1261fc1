import type { ServiceParts } from '../../graph/module.js';
import { carrierSettings } from './carrier.settings.js';
import { carrierProviders } from './provider.js';
import { carrierProvidersOf } from './providers/index.js';
import { trackingLinks, trackingLinksOf } from './tracking-page/tracking-links.js';

export async function provideCarriers({ services, secretKey, publicUrl }: ServiceParts): Promise<void> {
  services
    .provide(carrierProviders, await carrierProvidersOf(services.get(carrierSettings)))
    .provide(trackingLinks, trackingLinksOf(secretKey, publicUrl));
}
