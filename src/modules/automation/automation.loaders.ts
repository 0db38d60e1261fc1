import { defineLoader, inOrderOf } from '../../graph/context.js';
import { AutomationRuleType } from './automation-rule.type.js';
import { AutomationRunType } from './automation-run.type.js';
import { selectRules } from './automation.queries.js';
import { selectRuns } from './run.queries.js';

export const automationRulesById = defineLoader<string, AutomationRuleType | null>(
  'automationRulesById',
  async (ids, { db }) => {
    const rows = await db.read(selectRules(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new AutomationRuleType(row)),
      ({ row }) => row.id,
    );
  },
);

export const automationRunsById = defineLoader<string, AutomationRunType | null>(
  'automationRunsById',
  async (ids, { db }) => {
    const rows = await db.read(selectRuns(ids));
    return inOrderOf(
      ids,
      rows.map((row) => new AutomationRunType(row)),
      ({ row }) => row.id,
    );
  },
);
