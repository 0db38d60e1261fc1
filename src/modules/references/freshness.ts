import {
  Ctx,
  Field,
  FieldResolver,
  Float,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
  type ClassType,
} from 'type-graphql';
import { defineLoader, type GraphContext, type LoaderDefinition } from '../../graph/context.js';
import { DateTime } from '../../graph/scalars.js';
import type { AgeSource } from '../../graph/staleness.js';
import { instantText, parseInstant } from '../../shared/clock.js';
import { connectorHabits, type ConnectorHabits } from './field-policies.js';
import { selectPulls, selectSources, type PullRow, type SourceRow } from './freshness.queries.js';
import {
  freshnessOf,
  streamsOf,
  type FreshnessFacts,
  type FreshnessStateName,
  type Sourced,
} from './freshness.rules.js';
import { IntegrationType } from './integration.type.js';
import { integrationsById } from './references.loaders.js';

export enum FreshnessState {
  LOCAL = 'LOCAL',
  FRESH = 'FRESH',
  LAGGING = 'LAGGING',
  STALE = 'STALE',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(FreshnessState, {
  name: 'FreshnessState',
  description: 'What to think of a record’s age.',
  valuesConfig: {
    LOCAL: { description: 'The hub’s own: no other system states it.' },
    FRESH: { description: 'As its source has it, as far as the usual pause between two readings lets one know.' },
    LAGGING: { description: 'Some readings of its source have failed, or newer word of it waits.' },
    STALE: { description: 'Its source has not been read for long.' },
    UNKNOWN: {
      description: 'Nothing tells: its source is not connected, or is not asked and has been silent for a while.',
    },
  },
});

@ObjectType('Freshness', { description: 'How old what the hub has of a record may be.' })
export class FreshnessType {
  constructor(readonly facts: FreshnessFacts) {}

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the record was last known to be as its source has it; null for the hub’s own.',
  })
  get observedAt(): Date | null {
    return this.facts.asOf;
  }
  @Field(() => Float, { description: 'Seconds since then; 0 for the hub’s own.' })
  get lagSeconds(): number {
    return this.facts.lagSeconds;
  }
  @Field(() => FreshnessState, { description: 'What to think of that age.' })
  get state(): FreshnessStateName {
    return this.facts.state;
  }
}

@Resolver(() => FreshnessType)
export class FreshnessResolver {
  @FieldResolver(() => IntegrationType, {
    nullable: true,
    description:
      'The system it is as fresh as: of several whose word the record holds, the stalest; null for the hub’s own.',
  })
  source(@Root() { facts }: FreshnessType, @Ctx() context: GraphContext): Promise<IntegrationType | null> | null {
    return facts.integrationId === null ? null : context.load(integrationsById, facts.integrationId);
  }
}

const loaders = new Map<string, LoaderDefinition<string, FreshnessType>>();

/** How fresh the records of a kind are, by id. */
export function freshnessByKind(kind: string): LoaderDefinition<string, FreshnessType> {
  let loader = loaders.get(kind);
  if (!loader) {
    loader = defineLoader<string, FreshnessType>(`freshness:${kind}`, async (ids, scope) => {
      const { db, clock } = scope;
      const rows = await db.read(selectSources(kind, ids));
      const known = [...new Set(rows.map((row) => row.integration_id))];
      const pulls = known.length === 0 ? [] : await db.read(selectPulls(known));
      const habits = known.length === 0 ? new Map<string, ConnectorHabits>() : scope.service(connectorHabits);
      const now = clock.now();
      const sources = Map.groupBy(rows, (row) => row.record_id);
      return ids.map((id) => {
        const of = (sources.get(id) ?? []).map((row) =>
          sourced(row, pulls, streamsOf(kind, habits.get(row.connector))),
        );
        return new FreshnessType(freshnessOf(of, now));
      });
    });
    loaders.set(kind, loader);
  }
  return loader;
}

function sourced(row: SourceRow, pulls: PullRow[], streams: { stream: string; everyMs: number }[]): Sourced {
  const ends = streams.map(({ stream }) =>
    pulls.find((pull) => pull.integration_id === row.integration_id && pull.stream === stream),
  );
  const times = ends.map((pull) => (pull?.last_success_at ? instantOf(pull.last_success_at).getTime() : null));
  const isWhole = times.length > 0 && !times.includes(null);
  return {
    integrationId: row.integration_id,
    code: row.code,
    isConnected: row.status !== 'DISCONNECTED',
    observedAt: instantOf(row.observed_at),
    pendingSince: row.pending_since === null ? null : instantOf(row.pending_since),
    isHeard: row.is_heard,
    completeAt: isWhole ? new Date(Math.min(...(times as number[]))) : null,
    everyMs: streams.length === 0 ? null : Math.max(...streams.map(({ everyMs }) => everyMs)),
  };
}

function instantOf(text: string): Date {
  return parseInstant(instantText(text));
}

type ResolverClass = new () => object;

/** Gives a type the field `freshness`. */
export function freshnessFieldOf(type: ClassType, kind: string): ResolverClass {
  @Resolver(() => type)
  class FreshnessFieldResolver {
    @FieldResolver(() => FreshnessType, { description: 'How old what the hub has of it may be, and by which source.' })
    freshness(@Root() { row }: { row: { id: string } }, @Ctx() context: GraphContext): Promise<FreshnessType> {
      return context.load(freshnessByKind(kind), row.id);
    }
  }
  return FreshnessFieldResolver;
}

/** Lets reads of a type refuse what is too old. */
export function ageSource(type: string, kind: string): AgeSource {
  return {
    type,
    age: async (node, context) => {
      const { row } = node as { row: { id: string } };
      return (await context.load(freshnessByKind(kind), row.id)).facts;
    },
  };
}
