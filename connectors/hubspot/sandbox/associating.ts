import type { SandboxAnswer } from '#connect';
import type { Crm } from './crm.js';
import { refusal } from './errors.js';
import { batch } from './reading.js';
import type { Type } from './schema.js';

interface Spec {
  associationCategory: string;
  associationTypeId: number;
}
const MOST_READ = 1_000;
const MOST_CREATED = 2_000;
/** More than HubSpot shows at once of one object. */
const MOST_OF_ONE = 500;

export function readAssociations(
  crm: Crm,
  ends: { from: Type; to: Type },
  { inputs }: { inputs: { id: string; after?: string }[] },
): SandboxAnswer {
  if (inputs.length > MOST_READ) return refusal(400, 'VALIDATION_ERROR', `at most ${MOST_READ} inputs`);
  const results = inputs.flatMap(({ id, after = '0' }) => {
    const all = crm.linked({ type: ends.from, id }, ends.to);
    const own = all.slice(Number(after), Number(after) + MOST_OF_ONE);
    if (own.length === 0) return [];
    const next = Number(after) + own.length;
    const paging = next < all.length ? { paging: { next: { after: String(next) } } } : {};
    return [{ from: { id }, to: own.map(labelled), ...paging }];
  });
  return { status: 200, body: batch(results) };
}

export function createAssociations(
  crm: Crm,
  ends: { from: Type; to: Type },
  { inputs }: { inputs: { from: { id: string }; to: { id: string }; types: Spec[] }[] },
): SandboxAnswer {
  if (inputs.length > MOST_CREATED) return refusal(400, 'VALIDATION_ERROR', `at most ${MOST_CREATED} inputs`);
  const missing = inputs.find(({ from, to }) => !crm.find(ends.from, from.id) || !crm.find(ends.to, to.id));
  if (missing) return refusal(400, 'VALIDATION_ERROR', `no object ${missing.from.id} or ${missing.to.id}`);
  for (const { from, to, types } of inputs) {
    for (const { associationTypeId } of types) {
      const isKnown = crm.link({ type: ends.from, id: from.id }, { type: ends.to, id: to.id }, associationTypeId);
      if (!isKnown) return refusal(400, 'VALIDATION_ERROR', `no association type ${associationTypeId}`);
    }
  }
  return {
    status: 201,
    body: batch(
      inputs.map(({ from, to, types }) => {
        const typeIds = types.map(({ associationTypeId }) => associationTypeId);
        return { from, to: [labelled({ id: to.id, typeIds })] };
      }),
    ),
  };
}

export function createAssociation(
  crm: Crm,
  { from, to }: { from: { type: Type; id: string }; to: { type: Type; id: string } },
  types: Spec[],
): SandboxAnswer {
  const answer = createAssociations(crm, { from: from.type, to: to.type }, { inputs: [{ from, to, types }] });
  if (answer.status !== 201) return answer;
  const named = { fromObjectTypeId: from.type, fromObjectId: from.id, toObjectTypeId: to.type, toObjectId: to.id };
  return { status: 201, body: { ...named, labels: [] } };
}

function labelled({ id, typeIds }: { id: string; typeIds: number[] }) {
  const associationTypes = typeIds.map((typeId) => ({ category: 'HUBSPOT_DEFINED', typeId, label: null }));
  return { toObjectId: id, associationTypes };
}
