import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import { settleProductField } from '../../catalog/index.js';
import { settleContactField, settleCustomerField } from '../../customers/index.js';
import { decideDrift, lockDrift, selectDriftToRepair } from '../drift.queries.js';
import type { RepairDriftInput, RepairDriftsInput } from '../drift-input.type.js';
import { DRIFT_PREFIX, type DriftRow } from '../drift.type.js';
import { engineCommands } from '../engine.js';
import { appendIntegrationEvent } from '../integrations.events.js';
import { lockIntegration, lockIntegrationByCode, type LockedIntegration } from '../integrations.queries.js';
import { makeDue } from './make-due.js';

type Repair = NonNullable<DriftRow['repair']>;
type Settle = typeof settleCustomerField;

const MOST_AT_ONCE = 1_000;
const STOPPED = ['DISCONNECTED', 'PAUSED', 'UNAUTHORIZED'];
const SETTLE: Record<string, Settle> = {
  customer: settleCustomerField,
  contact: settleContactField,
  product: settleProductField,
};

/** Does about a difference what a person decides, or what is proposed. */
export async function repairDrift(
  scope: ActionScope,
  input: Omit<RepairDriftInput, 'idempotencyKey'>,
): Promise<{ driftId: string }> {
  const id = idOf(DRIFT_PREFIX, input.id);
  const item = id === null ? undefined : await scope.tx.one(lockDrift(id));
  if (!item) throw refuse('NOT_FOUND', `no drift has the id ${input.id}`, ['id']);
  if (item.status !== 'OPEN') throw refuse('CONFLICT', `drift ${input.id} is ${item.status}`, ['id']);
  const repair = input.repair ?? item.proposed_repair;
  if (repair === null) throw refuse('REQUIRED', 'repair: nothing is proposed for this drift', ['repair']);
  const integration = (await scope.tx.one(lockIntegration(item.integration_id)))!;
  await carryOut(scope, integration, [item], () => repair);
  return { driftId: item.id };
}

/** The same for all open drift that is asked for, the oldest first, so many at once at most; says how many. */
export async function repairDrifts(
  scope: ActionScope,
  input: Omit<RepairDriftsInput, 'idempotencyKey'>,
): Promise<{ integrationId: string; count: string }> {
  const { code, stream = null, field = null, proposed = null, repair = null, first } = input;
  const limit = first ?? MOST_AT_ONCE;
  const refusals = new Refusals();
  if (limit < 1 || limit > MOST_AT_ONCE)
    refusals.add('INVALID', `first: expected 1 to ${MOST_AT_ONCE}, got ${limit}`, ['first']);
  refusals.throwIfAny();
  const integration = await scope.tx.one(lockIntegrationByCode(code));
  if (!integration) throw refuse('NOT_FOUND', `no integration has the code "${code}"`, ['code']);
  const items = await scope.tx.query(selectDriftToRepair(integration.id, stream, field, proposed, repair, limit));
  if (items.length > 0) await carryOut(scope, integration, items, (item) => repair ?? item.proposed_repair!);
  return { integrationId: integration.id, count: String(items.length) };
}

type Repaired = Pick<LockedIntegration, 'id' | 'code' | 'status' | 'event_count'>;

async function carryOut(
  scope: ActionScope,
  integration: Repaired,
  items: readonly DriftRow[],
  repairOf: (item: DriftRow) => Repair,
): Promise<void> {
  const { tx, actor, now } = scope;
  const repairs = Map.groupBy(items, repairOf);
  const isStopped = STOPPED.includes(integration.status) && [...repairs.keys()].some((repair) => repair !== 'IGNORE');
  if (isStopped) throw refuse('CONFLICT', `integration ${integration.code} is ${integration.status}`, ['id']);
  for (const item of items) await REPAIRS[repairOf(item)](scope, item, integration);
  for (const [repair, group] of repairs) {
    const ids = group.map(({ id }) => id);
    tx.defer(decideDrift(ids, repair, now.toISOString(), actor.kind, actor.id, actor.name));
  }
  await tx.flush();
  const counted = (await tx.one(lockIntegration(integration.id)))!;
  await appendIntegrationEvent(scope, counted, {
    type: 'DRIFT_DECIDED',
    message: `Integration ${integration.code}: ${[...repairs].map(([repair, group]) => `${repair} for ${group.length}`).join(', ')}`,
    // The values may name a person: they stand with the drift and with the record that changes, not here.
    changes: items.map((item) => ({
      field: `drift.${item.stream}.${item.external_id}.${item.field}`,
      from: 'OPEN',
      to: repairOf(item),
    })),
    data: { drift: items.map(({ id }) => typeId(DRIFT_PREFIX, id)) },
  });
}

const REPAIRS: Record<Repair, (scope: ActionScope, item: DriftRow, integration: Repaired) => Promise<void>> = {
  TAKE_SOURCE: takeSource,
  TELL_SOURCE: tellSource,
  IGNORE: () => Promise.resolve(),
};

/**
 * What the field's policy would not take by itself is taken as the word of whoever decides. All else is read again by the
 * engine and taken like any message.
 */
async function takeSource(scope: ActionScope, item: DriftRow, { code }: Repaired): Promise<void> {
  const settle = item.proposed_repair === 'TELL_SOURCE' ? SETTLE[item.record_kind] : undefined;
  if (settle && item.record_id !== null && item.field !== 'exists') {
    const decided = { field: 'drift', from: item.field, to: code };
    const { record_id: id, field, source_value: value } = item;
    return settle(scope, { id, field, choice: { value }, decided });
  }
  const { integration_id: integrationId, stream, external_id: externalId, id } = item;
  const asked = { integrationId, stream, externalId, reason: `drift:${id}`, at: scope.now };
  scope.tx.defer(...scope.service(engineCommands).reread(asked));
}

function tellSource(scope: ActionScope, item: DriftRow, { code }: Repaired): Promise<void> {
  const { integration_id: integrationId, push_stream: stream, record_id: recordId } = item;
  if (stream === null || recordId === null)
    throw refuse('INVALID', `repair: ${code} is not told of ${item.record_kind} ${item.external_id}`, ['repair']);
  makeDue(scope, { integrationId, stream, recordIds: [recordId] });
  return Promise.resolve();
}
