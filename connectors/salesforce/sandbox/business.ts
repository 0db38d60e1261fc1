import type { Chance } from '#connect';
import { idOfNumber, idOfValue } from './ids.js';
import type { Org, Thing } from './org.js';
import { accountValues, contactValues, phone } from './people.js';
import type { Type } from './schema.js';
import { makeOffer, makeOrder, type From, type Offer, type Product } from './selling.js';

const IDS_A_STEP = 100n;

/** What people of a sales team do in Salesforce, a step at a time; it looks at nothing that the hub wrote. */
export class Business {
  readonly made: { kind: string; id: string; number?: string; total?: string }[] = [];
  readonly #accounts: { account: Thing; contacts: Thing[]; isBound: boolean }[] = [];
  readonly #offers: Offer[] = [];
  readonly #orders: { order: Thing; cents: number }[] = [];
  readonly #gone: Thing[] = [];
  #step: number;
  #ids = 0n;

  constructor(
    private readonly org: Org,
    private readonly from: { chance: Chance; products: readonly Product[]; currency: string; firstNumber: number },
  ) {
    this.#step = from.firstNumber - 1;
    for (const { sku, name } of from.products) {
      const values = {
        Name: name,
        ProductCode: sku,
        StockKeepingUnit: sku,
        IsActive: true,
        CurrencyIsoCode: from.currency,
      };
      org.make('Product2', idOfValue('Product2', sku), values);
    }
  }

  /** Does the next thing. */
  next(): void {
    this.#step += 1;
    this.#ids = 0n;
    const deeds = [
      ...[0, 1, 2].map(() => () => this.#meet()),
      ...[0, 1, 2, 3].map(() => () => this.#offer()),
      ...[0, 1, 2].map(() => () => this.#calculate()),
      ...[0, 1].map(() => () => this.#close(true)),
      () => this.#close(false),
      () => this.#decide('SBQQ__Ordered__c', true),
      () => this.#decide('SBQQ__Status__c', 'Accepted'),
      () => this.#decide('SBQQ__Status__c', 'Rejected'),
      ...[0, 1].map(() => () => this.#sell()),
      () => this.#activate(),
      () => this.#callOff(),
      () => this.#call(),
      () => this.#promote(),
      () => this.#merge(),
      () => this.#forget(),
      () => this.#remember(),
      () => this.#tearUp(),
    ];
    // What cannot be done now gives way to what always can.
    if (this.#accounts.length < 2 || !this.from.chance.oneOf(deeds)()) this.#meet();
  }

  #from(): From {
    return {
      ...this.from,
      n: this.#step,
      nextId: (type) => this.#nextId(type),
      productId: (sku) => idOfValue('Product2', sku),
    };
  }

  #nextId(type: Type): string {
    this.#ids += 1n;
    return idOfNumber(type, BigInt(this.#step) * IDS_A_STEP + this.#ids);
  }

  #meet(): boolean {
    const { chance, currency: CurrencyIsoCode } = this.from;
    const values = { ...accountValues(chance, this.#step), CurrencyIsoCode };
    const account = this.org.make('Account', this.#nextId('Account'), values);
    const contacts = Array.from({ length: 1 + chance.below(2) }, (_, index) =>
      this.org.make('Contact', this.#nextId('Contact'), contactValues(chance, this.#step * 10 + index, account.id)),
    );
    this.#accounts.push({ account, contacts, isBound: false });
    this.made.push({ kind: 'customer', id: account.id });
    return true;
  }

  #bound(): Thing {
    const entry = this.from.chance.oneOf(this.#accounts);
    entry.isBound = true;
    return entry.account;
  }

  #offer(): boolean {
    const offer = makeOffer(this.org, this.#from(), this.#bound().id);
    this.#offers.push(offer);
    const { quote, cents } = offer;
    this.made.push({ kind: 'quote', id: quote.id, number: String(quote.values.Name), total: amount(cents) });
    return true;
  }

  /** CPQ computes a quote some time after it was written. */
  #calculate(): boolean {
    const offer = this.#offers.find(({ quote }) => quote.values.SBQQ__Uncalculated__c === true);
    if (!offer) return false;
    this.#compute(offer);
    return true;
  }

  #compute({ quote, cents }: Offer): void {
    if (quote.values.SBQQ__Uncalculated__c !== true) return;
    this.org.change(quote, { SBQQ__NetAmount__c: cents / 100, SBQQ__Uncalculated__c: false });
  }

  #openOffer(): Offer | undefined {
    const open = this.#offers.filter(({ opportunity, quote: { values } }) => {
      const isPublished = ['Approved', 'Presented'].includes(String(values.SBQQ__Status__c));
      return opportunity.values.IsClosed === false && isPublished && values.SBQQ__Ordered__c === false;
    });
    return open.length === 0 ? undefined : this.from.chance.oneOf(open);
  }

  #close(isWon: boolean): boolean {
    const offer = this.#openOffer();
    if (!offer) return false;
    this.#compute(offer);
    this.org.change(offer.opportunity, {
      StageName: isWon ? 'Closed Won' : 'Closed Lost',
      IsWon: isWon,
      IsClosed: true,
    });
    return true;
  }

  #decide(field: 'SBQQ__Ordered__c' | 'SBQQ__Status__c', value: string | boolean): boolean {
    const offer = this.#openOffer();
    if (!offer) return false;
    this.#compute(offer);
    this.org.change(offer.quote, { [field]: value });
    return true;
  }

  #sell(): boolean {
    const sale = makeOrder(this.org, this.#from(), this.#bound().id);
    this.#orders.push(sale);
    this.org.change(sale.order, { TotalAmount: sale.cents / 100 });
    if (this.from.chance.below(3) > 0) this.#start(sale);
    return true;
  }

  #start({ order, cents }: { order: Thing; cents: number }): void {
    this.org.change(order, { Status: 'Activated', StatusCode: 'Activated' });
    const number = String(order.values.OrderNumber);
    this.made.push({ kind: 'order', id: order.id, number, total: amount(cents) });
  }

  #activate(): boolean {
    const draft = this.#orders.find(({ order }) => order.values.StatusCode === 'Draft');
    if (draft) this.#start(draft);
    return draft !== undefined;
  }

  #callOff(): boolean {
    const active = this.#orders.find(({ order }) => order.values.StatusCode === 'Activated');
    if (active) this.org.change(active.order, { Status: 'Canceled', StatusCode: 'Canceled' });
    return active !== undefined;
  }

  #call(): boolean {
    this.org.change(this.from.chance.oneOf(this.#accounts).account, { Phone: phone(this.from.chance) });
    return true;
  }

  #promote(): boolean {
    const [contact] = this.from.chance.oneOf(this.#accounts).contacts;
    if (contact) this.org.change(contact, { Title: `Head of ${this.#step}` });
    return contact !== undefined;
  }

  /** Only accounts that nothing was sold to: the loser goes to the bin and names the winner. */
  #merge(): boolean {
    const free = this.#accounts.filter(({ isBound }) => !isBound);
    if (free.length < 2) return false;
    const [winner, loser] = [free[0]!, free[1]!];
    for (const contact of loser.contacts) this.org.change(contact, { AccountId: winner.account.id });
    winner.contacts.push(...loser.contacts);
    loser.account.values.MasterRecordId = winner.account.id;
    this.org.remove(loser.account);
    this.org.change(winner.account, {});
    this.#accounts.splice(this.#accounts.indexOf(loser), 1);
    return true;
  }

  #forget(): boolean {
    const entry = this.from.chance.oneOf(this.#accounts);
    if (entry.contacts.length < 2) return false;
    const contact = entry.contacts.pop()!;
    this.org.remove(contact);
    this.#gone.push(contact);
    return true;
  }

  #remember(): boolean {
    const contact = this.#gone.pop();
    if (contact) this.org.restore(contact);
    return contact !== undefined;
  }

  #tearUp(): boolean {
    const index = this.#offers.findIndex(({ quote }) => quote.values.SBQQ__Status__c === 'Draft');
    if (index < 0) return false;
    const [{ quote, lines }] = this.#offers.splice(index, 1) as [Offer];
    for (const line of lines) this.org.remove(line);
    this.org.remove(quote);
    return true;
  }
}

function amount(cents: number): string {
  const figures = String(cents).padStart(3, '0');
  return `${figures.slice(0, -2)}.${figures.slice(-2)}`;
}
