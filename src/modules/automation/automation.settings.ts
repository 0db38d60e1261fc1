import type { ServiceKey } from '../../graph/context.js';

/** Whether rules run by themselves in this process; they can be read and edited either way. */
export interface AutomationSettings {
  isOn: boolean;
}
export const automationSettings: ServiceKey<AutomationSettings> = { name: 'automation' };
