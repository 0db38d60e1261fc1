// The hub as its users get it, in a process of its own: API key, limits, log at level info.
import 'reflect-metadata';
import { startHub } from '../src/app.js';
import { processLog } from '../src/process-log.js';
import { systemClock } from '../src/shared/clock.js';
import { givenOptions, serveParent } from './run/serve-parent.js';

const { databaseUrl, key } = givenOptions<{ databaseUrl: string; key: string }>();

await serveParent(async () => {
  const hub = await startHub({
    databaseUrl,
    secretKey: 'the secret key of a measurement, long enough',
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    adminKey: key,
    seller: { country: 'IT', currency: 'EUR' },
    automation: { isOn: false },
    clock: systemClock,
    log: processLog('info'),
  });
  return { ready: { port: hub.port }, stop: () => hub.stop() };
});
