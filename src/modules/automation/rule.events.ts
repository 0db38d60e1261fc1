/** The subject of events about rules. */
export const AUTOMATION_RULE = 'automation_rule';
