import { appendEvents } from '../../../events/append.js';
import type { GraphServices } from '../../../graph/context.js';
import { ruleActions } from '../../../graph/rule-action.js';
import { SYSTEM } from '../../../shared/actor.js';
import { sellerSettings } from '../../orders/index.js';
import { seedRule, selectSeeded } from '../automation.queries.js';
import { automationSettings } from '../automation.settings.js';
import { AUTOMATION_RULE } from '../rule.events.js';
import { seedRules } from '../seed-rules.js';
import { fieldsOf } from './upsert-automation-rule.js';

/**
 * Makes the rules that a hub begins with and that are not there, where rules run. They are active in a new hub alone:
 * where people work already, nothing begins to act by itself.
 */
export async function seedAutomationRules({ db, clock, services }: GraphServices): Promise<void> {
  if (!services.get(automationSettings).isOn) return;
  const actions = services.get(ruleActions);
  const seeds = seedRules(services.get(sellerSettings).returnWindowDays, (code) => actions.has(code));
  await db.transaction('seed-rules', async (tx) => {
    const { codes, has_orders: hasOrders } = (await tx.one(selectSeeded()))!;
    const missing = seeds.filter(({ code }) => !codes.includes(code));
    const now = clock.now();
    for (const seed of missing) {
      const isActive = seed.isActive && !hasOrders;
      const id = await tx.ids.one();
      const { code, name, description, triggers, condition, priority } = seed;
      const made = await tx.one(
        seedRule(
          id,
          code,
          name,
          description,
          JSON.stringify(triggers),
          condition && JSON.stringify(condition),
          JSON.stringify(seed.actions),
          priority,
          isActive,
          now.toISOString(),
          now.toISOString(),
        ),
      );
      if (!made) continue;
      const fields = fieldsOf({ ...seed, is_active: isActive });
      await appendEvents(tx, [
        {
          subjectKind: AUTOMATION_RULE,
          subjectId: id,
          sequence: 1,
          type: 'CREATED',
          at: now,
          actor: SYSTEM,
          message: `Automation rule ${code} created`,
          changes: Object.entries(fields).map(([field, to]) => ({ field, from: null, to })),
        },
      ]);
    }
  });
}
