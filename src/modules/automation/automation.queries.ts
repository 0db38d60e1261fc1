import { sql } from '../../db/statement.js';
import type { OrderEventTypeName } from '../orders/index.js';
import type { RuleCondition } from './condition.rules.js';
import type { Trigger } from './trigger.rules.js';

/** What a rule does, one after the other. */
export interface RuleStep {
  action: string;
  arguments: Record<string, unknown>;
}
export interface RuleRow {
  id: string;
  code: string;
  name: string;
  description: string;
  triggers: Trigger[];
  condition: RuleCondition | null;
  actions: RuleStep[];
  priority: number;
  is_active: boolean;
  active_since: string;
  created_at: string;
  updated_at: string;
  version: number;
}

const RULE =
  'id, code, name, description, triggers, condition, actions, priority, is_active, active_since, created_at, updated_at, version';

export const selectRules = sql<RuleRow>(
  'automation.rules',
  `select ${RULE} from automation_rule where id = any($1::bigint[])`,
);
export const selectAllRules = sql<RuleRow>(
  'automation.all-rules',
  `select ${RULE} from automation_rule order by priority, code`,
);
export const selectRuleByCode = sql<RuleRow>(
  'automation.rule-by-code',
  `select ${RULE} from automation_rule where code = $1`,
);
/** The rule with that code, which nobody else changes meanwhile. */
export const lockRule = sql<RuleRow>(
  'automation.lock-rule',
  `select ${RULE} from automation_rule where code = $1 for update`,
);
export const selectActiveRules = sql<RuleRow>(
  'automation.active-rules',
  `select ${RULE} from automation_rule where is_active order by priority, id`,
);
const NEW_RULE = `
  insert into automation_rule (id, code, name, description, triggers, condition, actions, priority, is_active, active_since,
                               created_at, updated_at, version)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, 1)`;
export const insertRule = sql('automation.insert-rule', NEW_RULE);
/** Answers nothing where another hub has just made it. */
export const seedRule = sql<{ id: string }>(
  'automation.seed-rule',
  `${NEW_RULE} on conflict (code) do nothing returning id`,
);
export const updateRule = sql(
  'automation.update-rule',
  `update automation_rule
      set name = $2, description = $3, triggers = $4, condition = $5, actions = $6, priority = $7, is_active = $8,
          active_since = $9, updated_at = $10, version = $11
    where id = $1`,
);
/** Which of the codes are there, and whether somebody works with this hub already. */
export const selectSeeded = sql<{ codes: string[]; has_orders: boolean }>(
  'automation.seeded',
  `select array(select code from automation_rule) as codes, exists (select from orders) as has_orders`,
);

export interface FollowedEvent {
  position: string;
  id: string;
  order_id: string;
  type: OrderEventTypeName;
  at: string;
  sequence: number;
  status_from: string | null;
  status_to: string | null;
  depth: number;
}
export const isBehind = sql<{ is_behind: boolean }>(
  'automation.is-behind',
  `select coalesce((select max(position) from event_position), 0) > position as is_behind from automation_place`,
);
/** Whoever gets the row reads on; others leave it to that one. `until`: as far as one step reads. */
export const lockPlace = sql<{ position: string; until: string }>(
  'automation.lock-place',
  `select position,
          least(position + $1, (select coalesce(max(position), 0) from event_position)) as until
     from automation_place for update skip locked`,
);
export const movePlace = sql('automation.move-place', `update automation_place set position = $1`);
/** Events of orders behind a place that may set off a rule; one that a run wrote is one deeper than the run. */
export const selectTriggering = sql<FollowedEvent>(
  'automation.triggering',
  `select p.position, e.id, e.subject_id as order_id, e.type, e.at, e.sequence, e.status_from, e.status_to,
          case when e.actor_kind = 'RULE' then coalesce((
            select max(r.depth) + 1 from automation_run r
             where r.order_id = e.subject_id and r.first_sequence < e.sequence and e.sequence <= r.last_sequence), 0)
          else 0 end as depth
     from event_position p join event e on e.id = p.event_id
    where p.position > $1 and p.position <= $2 and e.subject_kind = 'order' and e.at >= $3
      and (e.type = any($4::text[]) or (e.status_to is distinct from e.status_from and e.status_to = any($5::text[])))
    order by p.position`,
);
