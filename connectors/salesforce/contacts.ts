import type { OutgoingContact } from '#connect';
import type { Fields } from './client.js';
import { readRecord, type Source } from './pulling.js';
import type { Settings } from './settings.js';
import { idAt, modifiedOf, textAt, type SalesforceRecord } from './wire.js';

/** Contacts are the people at accounts. */
export const contacts: Source<SalesforceRecord> = {
  of: 'contact',
  type: 'Contact',
  isWhole: true,
  merges: 'contact',
  fields: () => ['AccountId', 'FirstName', 'LastName', 'Email', 'Phone', 'MobilePhone', 'Title'],
  gather: (_, records) => Promise.resolve([...records]),
  read(raw) {
    const contact = readRecord(raw);
    const accountId = idAt(contact, 'AccountId');
    const email = textAt(contact, 'Email');
    const name = [textAt(contact, 'FirstName'), textAt(contact, 'LastName')].filter((part) => part !== null).join(' ');
    return [
      {
        kind: 'contact',
        contact: {
          externalId: contact.Id,
          sourceVersion: modifiedOf(contact),
          name: name || email || `Salesforce contact ${contact.Id}`,
          email,
          phone: textAt(contact, 'Phone') ?? textAt(contact, 'MobilePhone'),
          role: textAt(contact, 'Title'),
          customerExternalIds: accountId === null ? [] : [accountId],
        },
      },
    ];
  },
};

/** Salesforce keeps two parts of a name, the hub one: the last word is the surname. */
export function contactOf(contact: OutgoingContact, accountId: string, { contactKeyField }: Settings): Fields {
  const { hubId, name, email, phone, role } = contact;
  const words = name.trim().split(/\s+/);
  const LastName = words.pop()!;
  return {
    [contactKeyField]: hubId,
    AccountId: accountId,
    ...(words.length > 0 && { FirstName: words.join(' ') }),
    LastName,
    ...(email !== null && { Email: email }),
    ...(phone !== null && { Phone: phone }),
    ...(role !== null && { Title: role }),
  };
}
