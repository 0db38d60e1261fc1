import { documents } from './documents/index.js';
import type { Module } from './graph/module.js';
import { access } from './modules/access/index.js';
import { automation } from './modules/automation/index.js';
import { carriers } from './modules/carriers/index.js';
import { catalog } from './modules/catalog/index.js';
import { customers } from './modules/customers/index.js';
import { departments } from './modules/departments/index.js';
import { fulfillment } from './modules/fulfillment/index.js';
import { history } from './modules/history/index.js';
import { intake } from './modules/intake/index.js';
import { integrations } from './modules/integrations/index.js';
import { invoices } from './modules/invoices/index.js';
import { mail } from './modules/mail/index.js';
import { notifications } from './modules/notifications/index.js';
import { orderFlow } from './modules/order-flow/index.js';
import { orders } from './modules/orders/index.js';
import { payments } from './modules/payments/index.js';
import { quotes } from './modules/quotes/index.js';
import { references } from './modules/references/index.js';
import { stock } from './modules/stock/index.js';
import { tax } from './modules/tax/index.js';
import type { GivenSettings, SettingsPart, ValuesOf } from './shared/settings.js';

const LIST = [
  history,
  references,
  customers,
  catalog,
  tax,
  access,
  stock,
  orders,
  quotes,
  payments,
  fulfillment,
  invoices,
  documents,
  departments,
  carriers,
  orderFlow,
  integrations,
  intake,
  mail,
  notifications,
  automation,
] as const;

/** Every module of the hub. Outside its folder, a new one has its line here and its level in the import rules. */
export const MODULES: readonly Module[] = LIST;

type PartOf<One> = One extends { settings: readonly (infer Part extends SettingsPart)[] } ? Part : never;
type HubPart = PartOf<(typeof LIST)[number]>;
/** What the modules are set up by. */
export const SETTINGS = MODULES.flatMap((module) => module.settings ?? []) as HubPart[];
/** Their values as the configuration has them, and as a start may be told them. */
export type ModuleValues = ValuesOf<HubPart>;
export type GivenModuleSettings = GivenSettings<HubPart>;
