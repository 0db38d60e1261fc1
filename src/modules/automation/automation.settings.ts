import { onOff } from '../../shared/setting-parsers.js';
import { defineSettings } from '../../shared/settings.js';

/** Whether rules run by themselves in this process; they can be read and edited either way. */
export interface AutomationSettings {
  isOn: boolean;
}

export const automationSettings = defineSettings(
  'automation',
  {
    HUB_AUTOMATION: {
      about:
        'Whether automation rules run; off, they can be read and edited, and what happens meanwhile waits for them.',
      fallback: 'on',
      expected: 'on or off',
      parse: onOff,
    },
  },
  {
    read: (values): AutomationSettings => ({ isOn: values.HUB_AUTOMATION }),
  },
);
