import { ConnectorFailure, type OutgoingCustomer, type PushDefinition, type Sending, type Sent } from '#connect';
import { linkMany, writeMany, type Link, type Written } from './batches.js';
import { MOST_IN_BATCH, type Context } from './client.js';
import { addressProperties, companyProperties } from './companies.js';
import { PERSON_PREFIX } from './contacts.js';
import { tellPeople, type Person } from './people-out.js';
import { recordUrl, type Credentials, type Settings } from './settings.js';
import { modifiedOf } from './walk.js';

type Customer = Sending<'customer'>;

/** Companies by the hub’s number, with their people; persons as contacts. */
export const customers: PushDefinition<Settings, Credentials, 'customer'> = {
  of: 'customer',
  most: MOST_IN_BATCH,
  async send(context, batch) {
    const people = batch.map(({ record }) => (isPerson(record) ? [personOf(record)] : contactsOf(record)));
    const told = await tellPeople(context, people.flat());
    const toldOf = people.map((own) => told.splice(0, own.length));
    // People first: what HubSpot refuses of them is told of the customer before there is half of one.
    const failures = toldOf.map((own) => own.find((each) => each instanceof ConnectorFailure));
    const companies = batch.filter(({ record }, index) => !isPerson(record) && !failures[index]);
    const written = new Map<Customer, Written>();
    const outcomes = await writeMany(
      context,
      'companies',
      companies.map(({ record }) => companyWrite(record, context.settings)),
    );
    for (const [index, company] of companies.entries()) written.set(company, outcomes[index]!);
    const unlinked = await linkPeople(context, { batch, toldOf, written });
    return batch.map((sending, index) => {
      const failure = failures[index] ?? unlinked.get(sending);
      if (failure) return failure;
      return isPerson(sending.record)
        ? sentPerson(toldOf[index]![0]!, context.settings)
        : sentCompany(written.get(sending)!, context.settings);
    });
  },
};

/** By what it is there, where it is there. */
function isPerson({ externalId, kind }: OutgoingCustomer): boolean {
  return externalId === null ? kind === 'PERSON' : externalId.startsWith(PERSON_PREFIX);
}

function personOf({ externalId, name, email, phone, number, billingAddress }: OutgoingCustomer): Person {
  const address = billingAddress ? addressProperties(billingAddress) : {};
  const id = externalId?.slice(PERSON_PREFIX.length) ?? null;
  return { id, name, email, phone, role: null, number, address };
}

function contactsOf({ contacts }: OutgoingCustomer): Person[] {
  return contacts.map(({ externalId, name, email, phone, role }) => {
    return { id: externalId, name, email, phone, role, number: null, address: {} };
  });
}

function companyWrite(customer: OutgoingCustomer, settings: Settings) {
  const properties = companyProperties(customer, settings);
  return customer.externalId === null
    ? { id: customer.number, idProperty: settings.customerNumberProperty, properties }
    : { id: customer.externalId, properties };
}

async function linkPeople(
  context: Context,
  told: { batch: readonly Customer[]; toldOf: readonly (Written | null)[][]; written: ReadonlyMap<Customer, Written> },
): Promise<Map<Customer, ConnectorFailure>> {
  const owners = new Map<Link, Customer>();
  for (const [index, sending] of told.batch.entries()) {
    const company = told.written.get(sending);
    if (!company || company instanceof ConnectorFailure) continue;
    const ids = new Set(
      told.toldOf[index]!.flatMap((each) => (each && !(each instanceof ConnectorFailure) ? each.id : [])),
    );
    for (const id of ids) owners.set({ from: id, to: company.id }, sending);
  }
  const failed = await linkMany(context, 'contactToCompany', [...owners.keys()]);
  return new Map([...failed].map(([link, failure]) => [owners.get(link)!, failure]));
}

function sentCompany(written: Written, settings: Settings): Sent | ConnectorFailure {
  if (written instanceof ConnectorFailure) return written;
  const modifiedAt = modifiedOf(written, 'hs_lastmodifieddate');
  const externalUrl = recordUrl(settings, 'companies', written.id);
  return { externalId: written.id, externalUrl, version: modifiedAt.toISOString(), modifiedAt };
}

function sentPerson(written: Written, settings: Settings): Sent | ConnectorFailure {
  if (written instanceof ConnectorFailure) return written;
  const modifiedAt = modifiedOf(written, 'lastmodifieddate');
  const externalUrl = recordUrl(settings, 'contacts', written.id);
  return { externalId: PERSON_PREFIX + written.id, externalUrl, version: modifiedAt.toISOString(), modifiedAt };
}
