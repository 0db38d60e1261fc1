import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graph/scalars.js';

export enum SyncDirection {
  PULL = 'PULL',
  PUSH = 'PUSH',
}
registerEnumType(SyncDirection, {
  name: 'SyncDirection',
  description: 'Which way records go.',
  valuesConfig: {
    PULL: { description: 'From the system into the hub.' },
    PUSH: { description: 'From the hub to the system.' },
  },
});

/** A stream as the engine keeps it; the numbers are PostgreSQL's bigint as text. */
export interface SyncStreamRow {
  integration_id: string;
  stream: string;
  direction: `${SyncDirection}`;
  checkpoint: string | null;
  last_run_at: string | null;
  last_success_at: string | null;
  processed: string;
  failed: string;
  walk_since: string | null;
  walk_started_at: string | null;
  walk_rows: number | null;
  walk_total: number | null;
}

/** How a stream that is pulled stands with its compares. */
export interface ReconciledFacts {
  reconciledAt: string | null;
  compared: number;
  openDrift: number;
}

@ObjectType('SyncProgress', { description: 'How far a walk over the system’s records has come.' })
export class SyncProgressType {
  constructor(
    private readonly row: SyncStreamRow,
    private readonly now: Date,
  ) {}
  private get seconds(): number {
    return Math.max(0.001, (this.now.getTime() - Date.parse(this.row.walk_started_at!)) / 1000);
  }
  @Field(() => Boolean, { description: 'It goes over all there is, not only over what changed.' })
  get isInitial(): boolean {
    return this.row.walk_since === null;
  }
  @Field(() => DateTime, { description: 'When it began.' })
  get startedAt(): string {
    return this.row.walk_started_at!;
  }
  @Field(() => Float, { description: 'Records read so far.' })
  get rows(): number {
    return this.row.walk_rows ?? 0;
  }
  @Field(() => Float, { nullable: true, description: 'Records in all; null where the system does not tell.' })
  get total(): number | null {
    return this.row.walk_total;
  }
  @Field(() => Float, { description: 'Records a second, since it began.' })
  get rowsPerSecond(): number {
    return this.rows / this.seconds;
  }
  @Field(() => Float, {
    nullable: true,
    description: 'Seconds until it is done, at the rate so far; null where that cannot be told.',
  })
  get secondsLeft(): number | null {
    if (this.total === null || this.rows === 0) return null;
    return Math.max(0, (this.total - this.rows) / this.rowsPerSecond);
  }
}

@ObjectType('SyncStream', { description: 'Records of one kind, kept in step in one direction.' })
export class SyncStreamType {
  constructor(
    readonly row: SyncStreamRow,
    private readonly since: { connectedAt: string; waitingSince: string | null },
    private readonly now: Date,
    private readonly reconciled: ReconciledFacts | null = null,
  ) {}
  @Field(() => String, { description: 'Its name, e.g. "orders".' })
  get name(): string {
    return this.row.stream;
  }
  @Field(() => SyncDirection, { description: 'Which way it goes.' })
  get direction(): string {
    return this.row.direction;
  }
  @Field(() => String, { nullable: true, description: 'How far it has come: the next walk begins there.' })
  get checkpoint(): string | null {
    return this.row.checkpoint;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it was at work last.' })
  get lastRunAt(): string | null {
    return this.row.last_run_at;
  }
  @Field(() => DateTime, { nullable: true, description: 'When it came to its end last: it was complete then.' })
  get lastSuccessAt(): string | null {
    return this.row.last_success_at;
  }
  @Field(() => Float, { description: 'Records read or told so far, those that had not changed included.' })
  get processed(): number {
    return Number(this.row.processed);
  }
  @Field(() => Float, { description: 'Attempts that failed.' })
  get failed(): number {
    return Number(this.row.failed);
  }
  @Field(() => Float, {
    description:
      'Of what is pulled: seconds since it was known to be complete, or since the system was connected, where it never was. ' +
      'Of what is pushed: age of the oldest change that was not told; 0 where all was.',
  })
  get lagSeconds(): number {
    const { connectedAt, waitingSince } = this.since;
    if (this.row.direction === SyncDirection.PUSH && waitingSince === null) return 0;
    const complete = Date.parse(waitingSince ?? this.row.last_success_at ?? connectedAt);
    return Math.max(0, (this.now.getTime() - complete) / 1000);
  }
  @Field(() => SyncProgressType, { nullable: true, description: 'The walk under way; null between two walks.' })
  get progress(): SyncProgressType | null {
    return this.row.walk_started_at === null ? null : new SyncProgressType(this.row, this.now);
  }
  @Field(() => DateTime, {
    nullable: true,
    description: 'When hub and system were last compared to the end; null where they never were. Of what is pulled.',
  })
  get reconciledAt(): string | null {
    return this.reconciled?.reconciledAt ?? null;
  }
  @Field(() => Float, { description: 'Records that the system listed in that compare.' })
  get comparedRecords(): number {
    return this.reconciled?.compared ?? 0;
  }
  @Field(() => Float, { description: 'Differences that are open; `driftItems` lists them.' })
  get openDrift(): number {
    return this.reconciled?.openDrift ?? 0;
  }
}
