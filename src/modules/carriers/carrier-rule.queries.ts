import { sql } from '../../db/statement.js';
import type { ChoiceRule } from './choice.rules.js';

export interface CarrierRuleRow extends ChoiceRule {
  id: string;
  name: string;
  is_active: boolean;
  version: number;
}

const RULE = 'id, code, name, priority, conditions, effect, is_active, version';

export const selectCarrierRules = sql<CarrierRuleRow>(
  'carriers.rules-by-id',
  `select ${RULE} from carrier_rule where id = any($1::bigint[])`,
);
export const selectAllCarrierRules = sql<CarrierRuleRow>(
  'carriers.all-rules',
  `select ${RULE} from carrier_rule order by priority, code`,
);
export const lockCarrierRule = sql<CarrierRuleRow>(
  'carriers.lock-rule',
  `select ${RULE} from carrier_rule where code = $1 for update`,
);
/** Answers nothing where another call was faster. */
export const insertCarrierRule = sql<CarrierRuleRow>(
  'carriers.insert-rule',
  `insert into carrier_rule (code, name, priority, conditions, effect, is_active)
   values ($1, $2, $3, $4::jsonb, $5::jsonb, $6) on conflict on constraint carrier_rule_code do nothing
   returning ${RULE}`,
);
export const updateCarrierRule = sql(
  'carriers.update-rule',
  `update carrier_rule
      set name = $2, priority = $3, conditions = $4::jsonb, effect = $5::jsonb, is_active = $6, version = version + 1
    where id = $1`,
);
