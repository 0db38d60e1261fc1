import { Counter, type Registry } from 'prom-client';
import type { Services } from '../../graph/context.js';
import { metricsRegistry } from '../../graph/metrics.js';
import type { RunStatus } from './run.queries.js';

const known = new WeakMap<Registry, Counter>();

/** Counts a run that has come to its end. */
export function countRun(services: Services, rule: string, outcome: RunStatus): void {
  const registry = services.get(metricsRegistry);
  let counter = known.get(registry);
  if (!counter) {
    counter = new Counter({
      name: 'hub_rule_runs_total',
      help: 'Runs of automation rules, by how they ended',
      labelNames: ['rule', 'outcome'],
      registers: [registry],
    });
    known.set(registry, counter);
  }
  counter.inc({ rule, outcome });
}
