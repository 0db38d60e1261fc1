import { followEvents } from '../../../src/modules/automation/actions/follow-events.js';
import { eventually } from '../../support/eventually.js';
import type { TestHub } from '../../support/hub.js';
import { Desk } from './desk.js';

export interface Run {
  status: string;
  reason: string | null;
  depth: number;
  eventType: string;
  rule: { code: string };
}

const UNDONE = `
  select exists (select from event e where not exists (select from event_position p where p.event_id = e.id)) as is_unread,
         (select position from automation_place) < coalesce((select max(position) from event_position), 0) as is_behind,
         exists (select from automation_run where status = 'DUE' and due_at <= $1) as is_due`;

/** A desk at a hub whose rules run when they are asked to. */
export class RuleDesk extends Desk {
  /** Lets rules look at all that has happened, and at what that sets off, until nothing more is to be done. */
  async settle(hubs: TestHub['hub'][] = [this.test.hub]): Promise<void> {
    for (;;) {
      await eventually('all events to have positions', async () => !(await this.#undone()).is_unread);
      await Promise.all(hubs.map((hub) => hub.upkeep.run('run-rules')));
      const undone = await this.#undone();
      if (!undone.is_unread && !undone.is_behind && !undone.is_due) return;
    }
  }

  /** Writes down the runs that events ask for, and carries out none. */
  async follow(): Promise<void> {
    await eventually('all events to have positions', async () => !(await this.#undone()).is_unread);
    while (await followEvents(this.test.hub)) continue;
  }

  async #undone(): Promise<{ is_unread: boolean; is_behind: boolean; is_due: boolean }> {
    const { db, clock } = this.test.hub;
    return (await db.pool.query(UNDONE, [clock.now().toISOString()])).rows[0] as never;
  }

  async rule(code: string, values: object): Promise<void> {
    await this.done('upsertAutomationRule', { code, ...values });
  }

  /** Oldest first. */
  async runs(filter: object): Promise<Run[]> {
    const query = `query($f: AutomationRunFilter) { automationRuns(filter: $f, last: 250) {
      nodes { status reason depth eventType rule { code } } } }`;
    return (await this.ask<{ automationRuns: { nodes: Run[] } }>(query, { f: filter })).automationRuns.nodes.reverse();
  }

  async holds(
    id: string,
  ): Promise<{ reason: string; note: string | null; placedBy: { kind: string; name: string } }[]> {
    const query = 'query($id: ID!) { order(id: $id) { holds { reason note placedBy { kind name } } } }';
    return (await this.ask<{ order: { holds: never[] } }>(query, { id })).order.holds;
  }
}
