import type { OutgoingKind, OutgoingRecords } from '../shared/outgoing/index.js';
import type { Change, RecordKind } from './changes.js';
import type { ConnectorHttp } from './exchange.js';
import type { ConnectorFailure } from './failures.js';

/** What the functions of a stream work with. */
export interface StreamContext<Settings, Credentials> {
  settings: Settings;
  credentials: Credentials;
  http: ConnectorHttp;
  /** The time; there is no other clock. */
  now(): Date;
}

/** A record as the system has it, to be kept as it came and read by `read`. */
export interface PulledRecord {
  externalId: string;
  /** Tells this state from the record's others: the same id and version again is the same and changes nothing. */
  version: string;
  /** When it came to be in this state, as far as the system tells: how far the stream has come. */
  modifiedAt: Date;
  /** JSON, numbers as their text. */
  raw: unknown;
}

export interface PulledPage {
  records: PulledRecord[];
  /** Where the next page begins; null behind the last. */
  next: string | null;
  /** How many there are in this walk, where the system tells. */
  total?: number;
  /**
   * How far the walk has come by the times of the system, where its records say more than that: they changed since the
   * system drew up the list.
   */
  reachedTo?: Date;
  /** The system needs so long until the next page can be asked for (a bulk export that runs, say). */
  waitMs?: number;
}

/** How records of one kind are fetched. The engine keeps the place, page by page, and walks from there after a kill. */
export interface PullDefinition<Settings, Credentials> {
  /** What its records are: what is gone when a record of the stream is. */
  of: RecordKind;
  /** The usual pause between two walks. */
  everyMs: number;
  /** How far a walk begins before the newest state seen: what the system shows late is found all the same. */
  overlapMs: number;
  /**
   * One page of what changed since then, oldest change first where the system can; of all there is where `since` is
   * null. `cursor` is what the page before gave as `next`. May be called again with the same arguments.
   */
  page(
    context: StreamContext<Settings, Credentials>,
    from: { since: Date | null; cursor: string | null },
  ): Promise<PulledPage>;
  /** One record; null where it is not there. Needed where webhooks only hint. */
  one?(context: StreamContext<Settings, Credentials>, externalId: string): Promise<PulledRecord | null>;
  /** What is there, a page at a time: finds deletions, and is what reconciliation counts. */
  census?(
    context: StreamContext<Settings, Credentials>,
    cursor: string | null,
  ): Promise<{ records: { externalId: string; version: string }[]; next: string | null }>;
  /**
   * What a record says. Pure: it may be called again for the same record, long after. Throws a ConnectorFailure for
   * what cannot be said exactly.
   */
  read(raw: unknown, context: { settings: Settings }): Change[];
}

/** A record that is due at the system. */
export interface Sending<K extends OutgoingKind> {
  record: OutgoingRecords[K];
  /** The same for each attempt to tell this state of the record: hand it on where the system takes one. */
  idempotencyKey: string;
  /**
   * An earlier attempt ended without an answer. It may have told an older state, under another key: before a record is
   * made there, look for the hub's own reference.
   */
  mayHaveArrived: boolean;
}

/** What became of a record at the system. */
export interface Sent {
  /** Its id there; null where the system had nothing to keep. */
  externalId: string | null;
  externalUrl?: string;
  /** The record's `version` there behind this write, as a pull would tell it: so the hub knows its own echo. */
  version?: string;
  modifiedAt?: Date;
}

/** A field of which the system has something else than it is told. */
export interface TellDifference {
  /** Its name in the graph. */
  field: string;
  told: unknown;
  there: unknown;
}

/** How the hub's records of one kind are told to the system. */
export interface PushDefinition<Settings, Credentials, K extends OutgoingKind = OutgoingKind> {
  of: K;
  /** What the hub has already is told too when the system is connected. Left out: only what changes from then on. */
  tellsAllAtFirst?: boolean;
  /** Whether the system is to hear of the record; left out: of each. Pure. */
  concerns?(record: OutgoingRecords[K], context: { settings: Settings }): boolean;
  /**
   * Where the system's record, raw as the pull stream of such records reads it, is not as the hub would tell it; for a
   * compare. Left out: what the stream's `read` says of a field is held against the hub's. Needed where the hub tells
   * what it never takes over. Pure.
   */
  differs?(raw: unknown, record: OutgoingRecords[K], context: { settings: Settings }): TellDifference[];
  /** The most records of one call of `send`. */
  most: number;
  /**
   * Tells the records as they are now. One outcome for each, in their order; a failure of one does not keep the others
   * from having happened. Throws where nothing is known of any. Never called twice at once for the same record.
   */
  send(
    context: StreamContext<Settings, Credentials>,
    batch: readonly Sending<K>[],
  ): Promise<(Sent | ConnectorFailure)[]>;
}
