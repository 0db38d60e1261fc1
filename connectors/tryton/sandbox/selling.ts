import type { Shipping } from './shipping.js';
import { userError, type Store } from './store.js';
import type { Row } from './values.js';

const FROM: Readonly<Record<string, readonly string[]>> = {
  quote: ['draft'],
  confirm: ['quotation'],
  cancel: ['draft', 'quotation'],
  draft: ['quotation', 'cancelled'],
};

export class Selling {
  constructor(
    private readonly store: Store,
    private readonly shipping: Shipping,
  ) {}

  has(button: string): boolean {
    return button in FROM;
  }

  press(button: string, sale: Row): null {
    if (!FROM[button]!.includes(String(sale.state))) return null;
    if (button === 'quote') this.#quote(sale);
    else if (button === 'confirm') this.#confirm(sale);
    else this.store.change(sale, { state: button === 'cancel' ? 'cancelled' : 'draft' });
    return null;
  }

  #quote(sale: Row): void {
    if (sale.invoice_address == null || sale.shipment_address == null) {
      throw userError(`An address is required on sale "${sale.id}" to quote it.`);
    }
    if (sale.warehouse == null) throw userError(`A warehouse is required on sale "${sale.id}" to quote it.`);
    const number = sale.number ?? String(this.store.number('sale number'));
    this.store.change(sale, { number, state: 'quotation' });
  }

  #confirm(sale: Row): void {
    this.store.change(sale, { state: 'processing', shipment_state: 'waiting' });
    for (const line of this.store.rows('sale.line')) if (line.sale === sale.id) this.store.change(line, {});
    this.shipping.planFor(sale);
  }
}
