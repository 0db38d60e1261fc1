import { Counter, Gauge, type Registry } from 'prom-client';
import { countDrift } from '../../modules/integrations/index.js';
import type { SyncParts } from '../parts.js';
import type { Figures } from './run.rules.js';

export interface ReconcileMetrics {
  found(integration: string, stream: string, figures: Figures): void;
  ended(integration: string, stream: string, rows: number): void;
  failed(integration: string, stream: string): void;
}

const SILENT: ReconcileMetrics = { found: () => {}, ended: () => {}, failed: () => {} };
const known = new WeakMap<Registry, ReconcileMetrics>();

/** Figures of the compares; the same for a registry, whoever asks. Drift over records is the rate of drift. */
export function reconcileMetrics({ registry, db }: Pick<SyncParts, 'registry' | 'db'>): ReconcileMetrics {
  if (!registry) return SILENT;
  const before = known.get(registry);
  if (before) return before;
  const counter = (name: string, help: string, ...more: string[]) =>
    new Counter({ name, help, labelNames: ['integration', 'stream', ...more], registers: [registry] });
  const runs = counter('hub_reconcile_runs_total', 'Compares of hub and system, by how they ended', 'outcome');
  const records = counter('hub_reconcile_records_total', 'Records that systems listed in compares');
  const reads = counter('hub_reconcile_reads_total', 'Records that compares read one by one');
  const drift = counter('hub_drift_found_total', 'Differences that compares found');
  const open: Gauge = new Gauge({
    name: 'hub_drift_items',
    help: 'Differences between hub and systems that are open',
    labelNames: ['integration', 'stream'],
    registers: [registry],
    // Other processes find and repair them too.
    async collect() {
      const counts = await db.read(countDrift(null));
      open.reset();
      for (const { code, stream, count } of counts) open.set({ integration: code, stream }, count);
    },
  });
  const made: ReconcileMetrics = {
    found(integration, stream, figures) {
      reads.inc({ integration, stream }, figures.read);
      drift.inc({ integration, stream }, figures.opened);
    },
    ended(integration, stream, rows) {
      runs.inc({ integration, stream, outcome: 'ended' });
      records.inc({ integration, stream }, rows);
    },
    failed(integration, stream) {
      runs.inc({ integration, stream, outcome: 'failed' });
    },
  };
  known.set(registry, made);
  return made;
}
