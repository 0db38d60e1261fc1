import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { GraphServices, ServiceKey } from '../../graph/context.js';
import type { Running, ServiceParts } from '../../graph/module.js';
import { inboundMailSettings, KNOWN_ALONE, mailPort, senderRules } from './mail.settings.js';
import { MailListener, type Certificate } from './smtp-listener.js';

const certificate: ServiceKey<Certificate | null> = { name: 'mail-certificate' };

/** Throws where a file of the certificate cannot be read. */
export async function provideMail({ services }: ServiceParts): Promise<void> {
  const settings = services.get(inboundMailSettings);
  services
    .provide(senderRules, settings?.senders ?? KNOWN_ALONE)
    .provide(mailPort, null)
    .provide(certificate, settings?.tls ? await certificateIn(settings.tls) : null);
}

/** Takes mail where the hub is set up to. */
export async function listenForMail(hub: GraphServices): Promise<Running | null> {
  const { services } = hub;
  const settings = services.get(inboundMailSettings);
  if (!settings) return null;
  const listener = await MailListener.start(hub, settings, services.get(certificate));
  services.provide(mailPort, listener.port);
  return listener;
}

async function certificateIn(paths: { cert: string; key: string }): Promise<Certificate> {
  const [cert, key] = await Promise.all([paths.cert, paths.key].map((path) => readFile(resolve(path), 'utf8')));
  return { cert: cert!, key: key! };
}
