import type { ServiceKey } from '../../graph/context.js';
import type { NumberFormat } from '../../shared/document-number.js';

export interface InvoiceSettings {
  /** When the hub invoices by itself. */
  issueAt: 'SHIPMENT' | 'ORDER' | 'MANUAL';
  /** Whether it does so for what a channel states, too. */
  isForStated: boolean;
  numbers: Readonly<Record<'INVOICE' | 'CREDIT_NOTE', NumberFormat>>;
}
export const invoiceSettings: ServiceKey<InvoiceSettings> = { name: 'invoices' };
