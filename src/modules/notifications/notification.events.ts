import { INSIDE, STAFF } from '../../graph/access.js';
import { declareSubject } from '../history/index.js';

/** What the audit log calls decisions about letters; the graph has no records of them with ids of their own. */
export const NOTIFICATION_SETTING = 'notification_setting';
export const NOTIFICATION_OPT_OUT = 'notification_opt_out';
declareSubject({ kind: NOTIFICATION_SETTING, type: 'NotificationSetting', prefix: null, roles: INSIDE });
declareSubject({ kind: NOTIFICATION_OPT_OUT, type: 'NotificationOptOut', prefix: null, roles: STAFF });
