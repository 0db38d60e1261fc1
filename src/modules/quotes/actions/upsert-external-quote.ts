import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { CONTACT_PREFIX, CUSTOMER_PREFIX, type CustomerRow } from '../../customers/index.js';
import { selectOrderCustomer } from '../../orders/index.js';
import {
  findReference,
  instantOfVersion,
  noteStatement,
  recordProvenance,
  SOURCE_STATES_IT,
  type ReferenceRow,
} from '../../references/index.js';
import { checkStatement, standingOf, statementHash } from '../external-quote.rules.js';
import type { ExternalQuoteValues } from '../external-quote.type.js';
import { QUOTE } from '../quote.events.js';
import { StatementEffect } from '../quote-input.type.js';
import { lockForeignName } from '../quote.queries.js';
import { createExternalQuote, type Taken } from './create-external-quote.js';
import { updateExternalQuote } from './update-external-quote.js';

const CUSTOMER = 'customer';
type Party = CustomerRow & { contact_found: boolean };

/**
 * Takes a quote over as another CPQ tool states it, or brings the hub's copy up to a newer version. An older version than
 * the newest taken is stale and changes nothing, the same one again neither.
 */
export async function upsertExternalQuote(
  scope: ActionScope,
  input: ExternalQuoteValues,
): Promise<{ quoteId: string; effect: StatementEffect }> {
  const version = checkStatement(input);
  const hash = statementHash(input);
  const reference = await findLocked(scope, input);
  const standing = reference ? standingOf(reference, version, input, hash) : 'newer';
  if (reference && standing === 'older') return { quoteId: reference.record_id, effect: StatementEffect.STALE };
  const taken =
    reference && standing === 'same'
      ? { quoteId: reference.record_id, integrationId: reference.integration_id, fields: [] }
      : await take(scope, input, reference);
  note(scope, input, hash, taken);
  const effect = reference ? StatementEffect.UPDATED : StatementEffect.CREATED;
  return { quoteId: taken.quoteId, effect: taken.fields.length === 0 ? StatementEffect.UNCHANGED : effect };
}

async function findLocked({ tx }: ActionScope, input: ExternalQuoteValues): Promise<ReferenceRow | undefined> {
  const { integration, externalId } = input.external;
  const names = [
    `quote ${integration}\n${externalId}`,
    ...(input.number == null ? [] : [`quote number ${input.number}`]),
  ];
  const answers = await tx.batch([
    ...names.map((name) => lockForeignName(name)),
    findReference(integration, QUOTE, externalId),
  ]);
  return answers.at(-1)![0] as ReferenceRow | undefined;
}

async function take(
  scope: ActionScope,
  input: ExternalQuoteValues,
  reference: ReferenceRow | undefined,
): Promise<Taken> {
  const customer = await findCustomer(scope, input);
  if (!reference) return createExternalQuote(scope, input, customer);
  const fields = await updateExternalQuote(scope, reference, input, customer);
  return { quoteId: reference.record_id, integrationId: reference.integration_id, fields };
}

/** The version is noted even where nothing differs: what is older is stale from now on. */
function note(scope: ActionScope, input: ExternalQuoteValues, hash: string, taken: Taken): void {
  const { quoteId, integrationId, fields } = taken;
  noteStatement(scope.tx, {
    integrationId,
    kind: QUOTE,
    externalId: input.external.externalId,
    version: input.sourceVersion,
    stated: { status: input.status, hash },
    at: scope.now,
    ...(input.externalUrl != null && { externalUrl: input.externalUrl }),
  });
  const observedAt = instantOfVersion(input.sourceVersion) ?? scope.now;
  const source = { integrationId, observedAt, rule: SOURCE_STATES_IT };
  recordProvenance(scope.tx, { kind: QUOTE, id: quoteId }, fields, source, { by: scope.actor, at: scope.now });
}

async function findCustomer({ tx }: ActionScope, input: ExternalQuoteValues): Promise<Party> {
  const { customerId, customerExternal: external, contactId } = input;
  const id = external
    ? (await tx.one(findReference(external.integration, CUSTOMER, external.externalId)))?.record_id
    : idOf(CUSTOMER_PREFIX, customerId ?? '');
  const contact = contactId == null ? null : idOf(CONTACT_PREFIX, contactId);
  const customer = id == null ? undefined : ((await tx.one(selectOrderCustomer(id, contact))) as Party | undefined);
  if (!customer) {
    const asked = external ? `${external.integration} id ${external.externalId}` : `id ${customerId}`;
    throw refuse('NOT_FOUND', `no customer has the ${asked}`, [external ? 'customerExternal' : 'customerId']);
  }
  if (contactId != null && !customer.contact_found) {
    throw refuse('NOT_FOUND', `the customer has no contact ${contactId}`, ['contactId']);
  }
  return customer;
}
