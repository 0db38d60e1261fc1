import type { Chance, SandboxOptions } from '#connect';
import type { Crm, Thing } from './crm.js';
import type { Happened } from './events.js';
import { companyValues, contactValues, phone } from './people.js';
import { makeOffer, type Offer } from './selling.js';

const FIRST_ID = 41_000_000_000n;
const IDS_A_STEP = 100n;

/** What people of a sales team do in HubSpot, a step at a time; it looks at nothing that the hub wrote. */
export class Business {
  readonly made: { kind: string; id: string; number?: string; total?: string }[] = [];
  readonly #companies: { company: Thing; contacts: Thing[]; isBound: boolean }[] = [];
  readonly #offers: Offer[] = [];
  readonly #gone: Thing[] = [];
  #happened: Happened[] = [];
  #step: number;
  #ids = 0n;

  constructor(
    private readonly crm: Crm,
    private readonly from: {
      chance: Chance;
      products: SandboxOptions['products'];
      currency: string;
      firstNumber: number;
    },
  ) {
    this.#step = from.firstNumber - 1;
  }

  /** Does the next thing; what happened comes back. */
  next(): Happened[] {
    this.#step += 1;
    this.#ids = 0n;
    this.#happened = [];
    const { chance } = this.from;
    const deeds = [
      ...[0, 1, 2].map(() => () => this.#meet()),
      ...[0, 1, 2, 3, 4].map(() => () => this.#offer()),
      ...[0, 1, 2].map(() => () => this.#close(true)),
      () => this.#close(false),
      () => this.#sign(),
      () => this.#callCompany(),
      () => this.#promote(),
      () => this.#moveContact(),
      () => this.#merge(),
      () => this.#forget(),
      () => this.#remember(),
      () => this.#describe(),
      () => this.#tearUp(),
    ];
    // What cannot be done now gives way to what always can.
    if (this.#companies.length < 2 || !chance.oneOf(deeds)()) this.#meet();
    return this.#happened;
  }

  #tell(type: string, thing: Thing | null, more?: Record<string, unknown>): void {
    const at = new Date(thing ? (thing.archivedAt ?? thing.updatedAt) : this.#happened.at(-1)!.at);
    this.#happened.push({ type, at, ...(thing && { objectId: thing.id }), ...(more && { more }) });
  }

  #changed(subject: string, thing: Thing, propertyName: string): void {
    const propertyValue = thing.properties[propertyName] ?? '';
    this.#tell(`${subject}.propertyChange`, thing, { propertyName, propertyValue });
  }

  #nextId(): string {
    this.#ids += 1n;
    return String(FIRST_ID + BigInt(this.#step) * IDS_A_STEP + this.#ids);
  }

  #meet(): boolean {
    const { chance } = this.from;
    const company = this.crm.make('companies', this.#nextId(), companyValues(chance, this.#step));
    this.#tell('company.creation', company);
    const contacts = Array.from({ length: 1 + chance.below(2) }, (_, index) => {
      const contact = this.crm.make('contacts', this.#nextId(), contactValues(chance, this.#step * 10 + index));
      this.crm.link(contact, company, 279);
      this.#tell('contact.creation', contact);
      return contact;
    });
    this.#companies.push({ company, contacts, isBound: false });
    this.made.push({ kind: 'customer', id: company.id });
    return true;
  }

  #offer(): boolean {
    const { chance, products, currency } = this.from;
    const entry = chance.oneOf(this.#companies);
    const from = { chance, products, currency, n: this.#step, nextId: () => this.#nextId() };
    const offer = makeOffer(this.crm, from, { company: entry.company, contact: entry.contacts[0] });
    entry.isBound = true;
    this.#offers.push(offer);
    const { quote, deal, total } = offer;
    this.#tell('deal.creation', deal);
    this.#tell('object.creation', quote, { objectTypeId: '0-14' });
    this.made.push({ kind: 'quote', id: quote.id, number: quote.properties.hs_quote_number!, total });
    return true;
  }

  #openOffer(): Offer | undefined {
    const open = this.#offers.filter(({ deal, quote }) => {
      return deal.properties.hs_is_closed === 'false' && quote.properties.hs_status === 'APPROVAL_NOT_NEEDED';
    });
    return open.length === 0 ? undefined : this.from.chance.oneOf(open);
  }

  #close(isWon: boolean): boolean {
    const offer = this.#openOffer();
    if (!offer) return false;
    this.crm.change(offer.deal, {
      dealstage: isWon ? 'closedwon' : 'closedlost',
      hs_is_closed: 'true',
      hs_is_closed_won: String(isWon),
      closedate: '2026-03-01T12:00:00Z',
    });
    this.#changed('deal', offer.deal, 'dealstage');
    return true;
  }

  #sign(): boolean {
    const offer = this.#openOffer();
    if (offer?.quote.properties.hs_esign_enabled !== 'true') return false;
    this.crm.change(offer.quote, { hs_esign_num_signers_completed: '1' });
    this.#changed('object', offer.quote, 'hs_esign_num_signers_completed');
    this.#happened.at(-1)!.more!.objectTypeId = '0-14';
    return true;
  }

  #callCompany(): boolean {
    const { company } = this.from.chance.oneOf(this.#companies);
    this.crm.change(company, { phone: phone(this.from.chance), lifecyclestage: 'customer' });
    this.#changed('company', company, 'phone');
    return true;
  }

  #promote(): boolean {
    const [contact] = this.from.chance.oneOf(this.#companies).contacts;
    if (!contact) return false;
    this.crm.change(contact, { jobtitle: `Head of ${this.#step}` });
    this.#changed('contact', contact, 'jobtitle');
    return true;
  }

  #moveContact(): boolean {
    const [from, to] = [this.from.chance.oneOf(this.#companies), this.from.chance.oneOf(this.#companies)];
    if (from === to || from.contacts.length < 2) return false;
    const contact = from.contacts.pop()!;
    this.crm.unlink(contact, from.company);
    this.crm.link(contact, to.company, 279);
    // HubSpot notes the company on the contact, which changes it.
    this.crm.change(contact, {});
    to.contacts.push(contact);
    const pair = {
      associationType: 'CONTACT_TO_COMPANY',
      isPrimaryAssociation: false,
      fromObjectId: Number(contact.id),
    };
    this.#happened.push({
      type: 'contact.associationChange',
      at: new Date(contact.updatedAt),
      more: { ...pair, toObjectId: Number(from.company.id), associationRemoved: true },
    });
    this.#tell('contact.associationChange', null, {
      ...pair,
      toObjectId: Number(to.company.id),
      associationRemoved: false,
    });
    return true;
  }

  /** Only companies that nothing was offered to. */
  #merge(): boolean {
    const free = this.#companies.filter(({ isBound }) => !isBound);
    if (free.length < 2) return false;
    const [first, second] = [free[0]!, free[1]!];
    const ids = { primaryObjectId: Number(first.company.id), mergedObjectIds: [Number(second.company.id)] };
    const company = this.crm.merge(first.company, second.company, this.#nextId());
    for (const contact of [...first.contacts, ...second.contacts]) this.crm.change(contact, {});
    this.#companies.splice(this.#companies.indexOf(second), 1);
    Object.assign(first, { company, contacts: [...first.contacts, ...second.contacts] });
    this.#tell('company.merge', company, ids);
    for (const contact of first.contacts) this.#changed('contact', contact, 'jobtitle');
    return true;
  }

  #forget(): boolean {
    const entry = this.from.chance.oneOf(this.#companies);
    if (entry.contacts.length < 2) return false;
    const contact = entry.contacts.pop()!;
    this.crm.archive(contact);
    this.#gone.push(contact);
    this.#tell('contact.deletion', contact);
    return true;
  }

  #remember(): boolean {
    const contact = this.#gone.pop();
    if (!contact) return false;
    this.crm.restore(contact);
    this.#tell('contact.restore', contact);
    return true;
  }

  #describe(): boolean {
    const draft = this.#offers.find(({ quote }) => quote.properties.hs_status === 'DRAFT');
    if (!draft) return false;
    const line = draft.lines[0]!;
    this.crm.change(line, { name: `${line.properties.hs_sku} as discussed ${this.#step}` });
    this.#changed('line_item', line, 'name');
    return true;
  }

  #tearUp(): boolean {
    const index = this.#offers.findIndex(({ quote }) => quote.properties.hs_status === 'DRAFT');
    if (index < 0) return false;
    const [{ quote }] = this.#offers.splice(index, 1) as [Offer];
    this.crm.archive(quote);
    this.#tell('object.deletion', quote, { objectTypeId: '0-14' });
    return true;
  }
}
