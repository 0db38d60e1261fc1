import type { ActionScope } from '../../../graph/mutation.js';
import { parseInstant } from '../../../shared/clock.js';
import { claimBehind, decide, isSameValue, type Held, type Policy, type Verdict } from '../claims.rules.js';
import {
  closeConflicts,
  openConflict,
  selectClaims,
  selectFieldPolicies,
  upsertClaims,
  type ClaimRow,
  type FieldPolicyRow,
} from '../field-claim.queries.js';
import { connectorHabits, policyField, policyOf } from '../field-policies.js';
import type { IntegrationRow } from '../integration.type.js';
import { selectAllIntegrations, selectProvenance } from '../references.queries.js';
import type { FieldProvenanceRow } from '../references.type.js';
import { recordProvenance } from './record-provenance.js';

/** Who says something of a record, since when it is said there, and when that was seen. */
export interface Speaker {
  /** Null: the hub's users. */
  integrationId: string | null;
  saidAt: Date;
  observedAt: Date;
}
interface Subject {
  kind: string;
  id: string;
}
type Values = Readonly<Record<string, unknown>>;

/** The hub's users as a speaker. */
export function hubSpeaks({ now }: ActionScope): Speaker {
  return { integrationId: null, saidAt: now, observedAt: now };
}

/**
 * Hears a word on some fields of a record and decides what stands in each of them; the caller, which holds the record's
 * lock, makes it so. Claims, conflicts and provenance are noted here. `standing` has what the record holds; null for a
 * record that is being made.
 */
export async function decideFields(
  scope: ActionScope,
  subject: Subject,
  words: Values,
  speaker: Speaker,
  standing: Values | null,
): Promise<Record<string, Verdict>> {
  const fields = Object.keys(words);
  if (fields.length === 0) return {};
  // Nobody else can have spoken of what the hub's users make just now.
  const isOwn = standing === null && speaker.integrationId === null;
  const known = isOwn ? NOTHING_KNOWN : await knownOf(scope, subject);
  const verdicts: Record<string, Verdict> = {};
  const told: [string, Held][] = [];
  for (const field of fields) {
    const claims = claimsOn(known, field, standing?.[field]);
    const policy = known.policyOf(field, speaker.integrationId);
    const word = { ...speaker, code: known.codeOf(speaker.integrationId), value: words[field] ?? null, policy };
    const before = claims.get(speaker.integrationId);
    claims.set(speaker.integrationId, claimBehind(before, word));
    const from = known.provenance.get(field);
    const winner = from && claims.get(from.integration_id);
    const isNew = standing === null && !from;
    verdicts[field] = decide([...claims.values()], isNew ? null : { value: standing?.[field], winner: winner ?? null });
    // A record that only the hub's users speak of needs no claims: it says itself what they said.
    if (claims.size === 1 && speaker.integrationId === null) continue;
    for (const claim of claims.values()) told.push([field, claim]);
  }
  noteClaims(scope, subject, told);
  if (told.length > 0) await noteConflicts(scope, subject, verdicts);
  noteProvenance(scope, subject, verdicts, standing, known.provenance);
  return verdicts;
}

interface Known {
  claims: ClaimRow[];
  provenance: Map<string, FieldProvenanceRow>;
  codeOf(integrationId: string | null): string;
  policyOf(field: string, integrationId: string | null): Policy;
}

const NOTHING_KNOWN: Known = { claims: [], provenance: new Map(), codeOf: () => '', policyOf: () => 'LATEST' };

async function knownOf(scope: ActionScope, { kind, id }: Subject): Promise<Known> {
  const [claims, provenance, chosen, rows] = await scope.tx.batch([
    selectClaims(kind, [id]),
    selectProvenance(kind, [id]),
    selectFieldPolicies(policyField(kind, '').record),
    selectAllIntegrations(),
  ]);
  const integrations = new Map((rows as IntegrationRow[]).map((row) => [row.id, row]));
  return {
    claims: claims as ClaimRow[],
    provenance: new Map((provenance as FieldProvenanceRow[]).map((row) => [row.field, row])),
    codeOf: (integrationId) => (integrationId === null ? '' : integrations.get(integrationId)!.code),
    policyOf: (field, integrationId) =>
      integrationId === null
        ? 'LATEST'
        : policyOf(
            kind,
            field,
            integrations.get(integrationId)!,
            chosen as FieldPolicyRow[],
            scope.service(connectorHabits),
          ),
  };
}

/** What is said of a field, by speaker; whose word stands without a claim said what the record holds. */
function claimsOn({ claims, provenance, codeOf, policyOf: policy }: Known, field: string, standing: unknown) {
  const held = (integrationId: string | null, value: unknown, saidAt: string, observedAt: string): Held => ({
    integrationId,
    code: codeOf(integrationId),
    value,
    saidAt: parseInstant(saidAt),
    observedAt: parseInstant(observedAt),
    policy: policy(field, integrationId),
  });
  const bySpeaker = new Map<string | null, Held>();
  const from = provenance.get(field);
  if (from) {
    const { integration_id: id, observed_at: at } = from;
    bySpeaker.set(id, held(id, standing ?? null, at, at));
  }
  for (const row of claims) {
    if (row.field !== field) continue;
    bySpeaker.set(row.integration_id, held(row.integration_id, row.value, row.said_at, row.observed_at));
  }
  return bySpeaker;
}

function noteClaims({ tx }: ActionScope, { kind, id }: Subject, told: [string, Held][]): void {
  if (told.length === 0) return;
  tx.defer(
    upsertClaims(
      kind,
      id,
      told.map(([field]) => field),
      told.map(([, { integrationId }]) => integrationId),
      told.map(([, { value }]) => JSON.stringify(value ?? null)),
      told.map(([, { saidAt }]) => saidAt.toISOString()),
      told.map(([, { observedAt }]) => observedAt.toISOString()),
    ),
  );
}

async function noteConflicts(
  { tx, now }: ActionScope,
  { kind, id }: Subject,
  verdicts: Record<string, Verdict>,
): Promise<void> {
  const settled = Object.keys(verdicts).filter((field) => !verdicts[field]!.isOpen);
  if (settled.length > 0) tx.defer(closeConflicts(kind, [id], settled, now.toISOString()));
  for (const [field, { isOpen }] of Object.entries(verdicts)) {
    if (isOpen) tx.defer(openConflict(await tx.ids.one(), kind, id, field, now.toISOString()));
  }
}

function noteProvenance(
  { tx, actor, now }: ActionScope,
  subject: Subject,
  verdicts: Record<string, Verdict>,
  standing: Values | null,
  provenance: Known['provenance'],
): void {
  const news = Object.entries(verdicts).filter(([field, { winner, rule, value }]) => {
    const from = provenance.get(field);
    if (!winner) return false;
    if (!from) return !(isSameValue(value, null) && isSameValue(standing?.[field], null));
    return from.integration_id !== winner.integrationId || from.rule !== rule || !isSameValue(value, standing?.[field]);
  });
  const groups = Map.groupBy(news, ([, { winner, rule }]) =>
    JSON.stringify([winner!.integrationId, winner!.observedAt, rule]),
  );
  for (const group of groups.values()) {
    const { winner, rule } = group[0]![1];
    const { integrationId, observedAt } = winner!;
    recordProvenance(
      tx,
      subject,
      group.map(([field]) => field),
      { integrationId, observedAt, rule },
      { by: actor, at: now },
    );
  }
}
