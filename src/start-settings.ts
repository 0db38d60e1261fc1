import type { Services } from './graph/context.js';
import type { HubParts } from './hub-parts.js';
import { SETTINGS, type GivenModuleSettings } from './module-list.js';
import type { StartSettings } from './modules/history/index.js';
import { hostPortText } from './shared/host-port.js';
import type { SettingsPart } from './shared/settings.js';

/** What a start says of a part, and of the rest what is usual. */
function valueOf({ name, usual }: SettingsPart, given: ReadonlyMap<string, unknown>): unknown {
  const told = given.get(name);
  if (told === undefined) return usual;
  return typeof usual === 'object' && typeof told === 'object' && told !== null ? { ...usual, ...told } : told;
}

/** Makes the settings of all modules services under their keys. */
export function provideSettings(services: Services, parts: GivenModuleSettings): void {
  const given = new Map<string, unknown>(Object.entries(parts));
  for (const part of SETTINGS) services.provide<unknown>(part, valueOf(part, given));
}

type OwnParts = Pick<HubParts, 'publicUrl' | 'allowedOrigins' | 'trusted' | 'egressAllow' | 'secretKey' | 'adminKey'>;

/** What decides how every hub of this database behaves; where one listens is its own affair. */
export function startSettings(parts: OwnParts, services: Services): StartSettings {
  const { publicUrl, allowedOrigins, trusted, egressAllow, secretKey, adminKey } = parts;
  const audited = SETTINGS.map((part: SettingsPart) => part.audit(services.get(part)));
  const together = (kept: (Record<string, string | null> | undefined)[]) =>
    Object.fromEntries(kept.flatMap((one) => Object.entries(one ?? {})));
  return {
    open: {
      publicUrl,
      allowedOrigins: [...(allowedOrigins ?? [])].toSorted().join(', ') || null,
      trustedOnly: trusted?.only ? 'on' : null,
      egressAllow: (egressAllow ?? []).map(hostPortText).toSorted().join(', ') || null,
      ...together(audited.map(({ open }) => open)),
    },
    secret: { secretKey, adminKey, ...together(audited.map(({ secret }) => secret)) },
  };
}
