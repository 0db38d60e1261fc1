import type { ConnectorFailure, PushDefinition, Sending, Sent } from '#connect';
import { accountOf, accounts } from './accounts.js';
import { findBy, MOST_IN_BATCH, type Context, type Written } from './client.js';
import { contactOf } from './contacts.js';
import { fieldsOf, versionOfOwn } from './pulling.js';
import type { Credentials, Settings } from './settings.js';
import { modifiedOf, textAt } from './wire.js';
import { isFailure, writeMany } from './writing.js';

/** Accounts by the hub’s number, with their people. */
export const customers: PushDefinition<Settings, Credentials, 'customer'> = {
  of: 'customer',
  most: MOST_IN_BATCH,
  async send(context, batch) {
    const { settings } = context;
    const written = await writeMany(context, 'Account', {
      key: settings.numberField,
      writes: batch.map(({ record }) => ({ id: record.externalId, fields: accountOf(record, settings) })),
    });
    const refused = await tellPeople(context, batch, written);
    const versions = await versionsOf(context, written);
    return batch.map((sending, index): Sent | ConnectorFailure => {
      const account = written[index]!;
      if (isFailure(account)) return account;
      return refused.get(sending) ?? { externalId: account.id, ...versions.get(account.id) };
    });
  },
};

type Customer = Sending<'customer'>;

async function tellPeople(
  context: Context,
  batch: readonly Customer[],
  owners: readonly Written[],
): Promise<Map<Customer, ConnectorFailure>> {
  const { settings } = context;
  const people = batch.flatMap((sending, index) => {
    const account = owners[index]!;
    return isFailure(account)
      ? []
      : sending.record.contacts.map((person) => ({ sending, person, accountId: account.id }));
  });
  const written = await writeMany(context, 'Contact', {
    key: settings.contactKeyField,
    writes: people.map(({ person, accountId }) => {
      return { id: person.externalId, fields: contactOf(person, accountId, settings) };
    }),
  });
  const refused = new Map<Customer, ConnectorFailure>();
  for (const [index, { sending }] of people.entries()) {
    const outcome = written[index]!;
    if (isFailure(outcome)) refused.set(sending, outcome);
  }
  return refused;
}

/**
 * An answer to a write tells no time: it is asked for. A record that somebody else changed meanwhile is left out, or that
 * change would be taken for the hub’s own.
 */
async function versionsOf(
  context: Context,
  written: readonly Written[],
): Promise<Map<string, { version: string; modifiedAt: Date }>> {
  const { settings, credentials } = context;
  const ids = written.flatMap((each) => (isFailure(each) ? [] : each.id));
  const fields = [...fieldsOf(accounts, settings), 'LastModifiedBy.Username'];
  const found = await findBy(context, 'Account', { fields, by: 'Id', ids });
  const own = found.filter((account) => textAt(account, 'LastModifiedBy.Username') === credentials.username);
  return new Map(
    own.map((account) => {
      const version = versionOfOwn(accounts, account, settings);
      return [account.Id, { version, modifiedAt: modifiedOf(account) }];
    }),
  );
}
