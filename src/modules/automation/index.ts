import { INSIDE } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { historyOf } from '../history/index.js';
import { runRules } from './actions/run-rules.js';
import { seedAutomationRules } from './actions/seed-automation-rules.js';
import { AUTOMATION_RULE_PREFIX, AutomationRuleType } from './automation-rule.type.js';
import { AUTOMATION_RUN_PREFIX } from './automation-run.type.js';
import { automationRulesById, automationRunsById } from './automation.loaders.js';
import { AutomationResolver, AutomationRunResolver } from './automation.resolver.js';
import { automationSettings } from './automation.settings.js';
import { AUTOMATION_RULE } from './rule.events.js';

const RULE = { kind: AUTOMATION_RULE, type: 'AutomationRule', prefix: AUTOMATION_RULE_PREFIX, roles: INSIDE };

/** Rules of event, condition and action, and what the hub does to orders by them. */
export const automation = {
  name: 'automation',
  settings: [automationSettings],
  resolvers: [AutomationResolver, AutomationRunResolver, historyOf(AutomationRuleType, RULE)],
  prepare: seedAutomationRules,
  upkeep: [runRules],
  nodes: [
    nodeSource(AUTOMATION_RULE_PREFIX, automationRulesById, INSIDE),
    nodeSource(AUTOMATION_RUN_PREFIX, automationRunsById, INSIDE),
  ],
} satisfies Module;
