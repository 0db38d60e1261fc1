import { Counter, Histogram, type Registry } from 'prom-client';
import type { CallReport } from '../connect/index.js';

export interface CallMetrics {
  report(integration: string, call: CallReport): void;
}

/** Figures of the calls to connected systems; without a registry nobody asks for them. */
export function callMetrics(registry: Registry | undefined): CallMetrics {
  if (!registry) return { report: () => {} };
  const calls = new Counter({
    name: 'hub_connector_calls_total',
    help: 'Calls to connected systems, by integration and what came of them',
    labelNames: ['integration', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'hub_connector_call_seconds',
    help: 'Time of calls to connected systems, by integration',
    labelNames: ['integration'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [registry],
  });
  return {
    report(integration, { failure, durationMs }) {
      calls.inc({ integration, outcome: failure?.kind ?? 'ok' });
      seconds.observe({ integration }, durationMs / 1000);
    },
  };
}
