import { Field, InputType, ObjectType } from 'type-graphql';
import type { Actor } from '../../shared/actor.js';
import { instantText } from '../../shared/clock.js';
import { DateTime, Json } from '../../graph/scalars.js';
import { ActorType } from '../../graph/values.type.js';
import type { ClaimRow } from './field-claim.queries.js';

@InputType('ExternalIdInput', { description: 'Names a record by the id it has in a connected system.' })
export class ExternalIdInput {
  @Field(() => String, { description: 'The integration’s code.' })
  integration!: string;
  @Field(() => String, { description: 'The record’s id there.' })
  externalId!: string;
}

export interface ExternalReferenceRow {
  gone_at: string | null;
  integration_id: string;
  record_kind: string;
  record_id: string;
  external_id: string;
  external_url: string | null;
  synced_at: string | null;
  pending_push: boolean;
  source_version: string | null;
  stated_version: string | null;
}

@ObjectType('ExternalReference', {
  description: 'Who knows this record elsewhere, under which id, and how fresh the hub’s copy is.',
})
export class ExternalReferenceType {
  constructor(readonly row: ExternalReferenceRow) {}

  @Field(() => String, { description: 'The record’s id there.' })
  get externalId(): string {
    return this.row.external_id;
  }
  @Field(() => String, { nullable: true, description: 'Where a person finds it there.' })
  get externalUrl(): string | null {
    return this.row.external_url;
  }
  @Field(() => DateTime, {
    nullable: true,
    description: 'When the hub last read it from, or wrote it to, that system.',
  })
  get syncedAt(): string | null {
    return this.row.synced_at;
  }
  @Field(() => String, {
    nullable: true,
    description:
      'The version of that system’s record that the hub took over last, as that system counts; null where it states none.',
  })
  get sourceVersion(): string | null {
    return this.row.stated_version ?? (this.row.source_version && instantText(this.row.source_version));
  }
  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when that system no longer has the record under this id; null while it does.',
  })
  get goneAt(): string | null {
    return this.row.gone_at;
  }
  @Field(() => Boolean, { description: 'The hub holds a change that this system has not confirmed yet.' })
  get pendingPush(): boolean {
    return this.row.pending_push;
  }
}

export interface FieldProvenanceRow {
  record_kind: string;
  record_id: string;
  field: string;
  integration_id: string | null;
  observed_at: string;
  updated_at: string;
  actor_kind: Actor['kind'];
  actor_id: string | null;
  actor_name: string;
  rule: string;
}

@ObjectType('ProvenanceValue', { description: 'What a system, or the hub’s users, said last of a field.' })
export class ProvenanceValueType {
  constructor(readonly row: ClaimRow) {}

  @Field(() => Json, { nullable: true, description: 'The value; null where it was said to be empty.' })
  get value(): unknown {
    return this.row.value;
  }
  @Field(() => DateTime, { description: 'When it was seen there last.' })
  get observedAt(): string {
    return this.row.observed_at;
  }
}

@ObjectType('FieldProvenance', { description: 'Which system a field’s value came from, when, and why it stands.' })
export class FieldProvenanceType {
  constructor(readonly row: FieldProvenanceRow) {}

  @Field(() => String, { description: 'The field’s name in the graph.' })
  get field(): string {
    return this.row.field;
  }
  @Field(() => DateTime, { description: 'When the source had this value.' })
  get observedAt(): string {
    return this.row.observed_at;
  }
  @Field(() => DateTime, { description: 'When the hub took it over.' })
  get updatedAt(): string {
    return this.row.updated_at;
  }
  @Field(() => ActorType, { nullable: true, description: 'Who set it.' })
  get updatedBy(): ActorType {
    return new ActorType({ kind: this.row.actor_kind, id: this.row.actor_id, name: this.row.actor_name });
  }
  @Field(() => String, {
    description:
      'The policy that let it win: "set-in-hub", "source-states-it" where only one system speaks of it, "source-wins", ' +
      '"latest", "non-empty" or "human-decides".',
  })
  get rule(): string {
    return this.row.rule;
  }
}
