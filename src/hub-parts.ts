import type { Checkpoint } from './db/transaction.js';
import type { Issuer } from './documents/index.js';
import type { TrustedSettings } from './graph/graph.js';
import type { Limits } from './graph/limits.js';
import type { CarrierSettings } from './modules/carriers/index.js';
import type { InvoiceSettings } from './modules/invoices/index.js';
import type { InboundMailSettings } from './modules/mail/index.js';
import type { OutboundMailSettings } from './modules/notifications/index.js';
import type { VerificationSettings } from './modules/order-flow/index.js';
import type { SellerSettings } from './modules/orders/index.js';
import type { ProviderSettings } from './modules/payments/index.js';
import type { Clock } from './shared/clock.js';
import { numberFormat } from './shared/document-number.js';
import type { HostPort } from './shared/host-port.js';
import type { Log } from './shared/log.js';

export const RETURN_WINDOW_DAYS = 14;
export const INVOICES: InvoiceSettings = {
  issueAt: 'SHIPMENT',
  isForStated: false,
  numbers: { INVOICE: numberFormat('{year}/{number:6}')!, CREDIT_NOTE: numberFormat('CN-{year}/{number:6}')! },
};
/** Where nothing else is said: nobody sells, so that nothing is invoiced. */
export const DOCUMENTS: Issuer & { linkHours: number } = { seller: null, timeZone: 'UTC', linkHours: 24 };

/** What a hub is put together of. */
export interface HubParts {
  databaseUrl: string;
  secretKey: string;
  host: string;
  port: number;
  /** Null: where the hub listens. */
  publicUrl: string | null;
  /** Pages of these origins may call the hub from a browser. */
  allowedOrigins?: readonly string[];
  /** Left out: every document runs. */
  trusted?: TrustedSettings;
  adminKey: string | null;
  /** Taxes are rounded per line, and returns taken for two weeks, where nothing else is said. */
  seller: Pick<SellerSettings, 'country' | 'currency'> & Partial<SellerSettings>;
  /** Who sells on documents, and for how long links to them open them. */
  documents?: Partial<typeof DOCUMENTS>;
  /** When invoices are made and how they are numbered. */
  invoices?: Partial<InvoiceSettings>;
  /** How orders are verified beside stock, price, tax and credit; left out: as is usual. */
  verification?: Partial<VerificationSettings>;
  /** Hosts that may be called although they are in a private network; left out: none. */
  egressAllow?: readonly HostPort[];
  /** How payment providers are reached; left out: the hub acts on no payments but those that people move. */
  providers?: ProviderSettings;
  /** How carriers are reached; left out: nobody is asked, own prices alone are offered. */
  carriers?: CarrierSettings;
  /** Where orders by e-mail are taken; left out: nowhere. */
  inboundMail?: InboundMailSettings | null;
  /** How many days mail that came is kept; a year, if left out. */
  mailKeepDays?: number;
  /** By which server customers and departments are told; left out: they are not. */
  outboundMail?: OutboundMailSettings | null;
  /** The usual pause between two compares of hub and system; a day, if left out, and 0 where they are only asked for. */
  reconcileEveryMs?: number;
  /** Whether automation rules run, and a new hub begins with some; left out: they can be edited alone. */
  isAutomationOn?: boolean;
  clock: Clock;
  log: Log;
  limits?: Partial<Limits>;
  /** Told what the start does, in a line for people. */
  onProgress?: (message: string) => void;
  /** What the hub does by itself now and then waits to be asked for: for tests that set the clock. */
  isUpkeepByHand?: boolean;
  /** Only tests that kill the process pass these. */
  checkpoint?: Checkpoint;
  onRead?: (statement: string) => void;
}
