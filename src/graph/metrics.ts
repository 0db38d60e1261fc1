import type pg from 'pg';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ServiceKey } from './context.js';
import type { LiveMetrics } from './live/metrics.js';

/** Where modules put figures of their own. */
export const metricsRegistry: ServiceKey<Registry> = { name: 'metricsRegistry' };

const LIVE: Record<keyof LiveMetrics, string> = {
  sockets: 'Open WebSockets',
  socketsOpened: 'WebSockets opened since the start',
  subscriptions: 'Running subscriptions',
  groups: 'Sets of subscriptions that share their executions',
  executions: 'Executions for live messages since the start',
  replayedMessages: 'Replayed messages sent since the start',
  liveMessages: 'Live messages sent since the start',
  lagged: 'Subscriptions ended because their reader was too slow',
  lagMs: 'From an event to its last socket, for the newest event, in milliseconds',
};

/** The hub's figures for Prometheus. */
export function hubMetrics(pool: pg.Pool, live: LiveMetrics) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'hub_http_request_seconds',
    help: 'Time to answer HTTP requests, by route and status',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  const gauge = (name: string, help: string, read: () => number) => {
    const created: Gauge = new Gauge({ name, help, registers: [registry], collect: () => created.set(read()) });
  };
  gauge('hub_db_connections', 'Database connections of the pool', () => pool.totalCount);
  gauge('hub_db_waiting', 'Requests that wait for a database connection', () => pool.waitingCount);
  for (const [name, help] of Object.entries(LIVE)) {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    gauge(`hub_live_${snake}`, help, () => live[name as keyof LiveMetrics]);
  }
  return {
    registry,
    onRequest: (route: string, status: number, seconds: number) =>
      requests.observe({ route, status: String(status) }, seconds),
  };
}
