import { setTimeout as wait } from 'node:timers/promises';
import {
  askedToWait,
  ConnectorFailure,
  type PulledPage,
  type PulledRecord,
  type PullDefinition,
} from '../../connect/index.js';
import { noteProgress, noteTrouble, selectConnection, type ConnectionRow } from '../../modules/integrations/index.js';
import type { Statement } from '../../db/statement.js';
import { receive } from '../inbox/receive.js';
import { connectorOf, scopeOf, type SyncParts } from '../parts.js';
import { streamContext } from '../stream-context.js';
import { streamsThatAwait, streamsToAwait } from './first-walks.rules.js';
import {
  addLaterPullJob,
  addPullJob,
  beginStream,
  failStream,
  moveStream,
  openStream,
  selectAwaited,
} from './pull.queries.js';
import { beginWalk, behindPage, checkpointBehind, LostPlace, type Walk } from './walk.rules.js';

const SILENT = ['PAUSED', 'DISCONNECTED', 'UNAUTHORIZED'];
const PAGES_A_RUN = 20;
const TRIES_AT_A_PLACE = 3;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 900_000;
const AWAIT_PAUSE_MS = 1_000;
const LOOK_MS = 100;
const LOOKS = 10;

export interface PullJob {
  integrationId: string;
  stream: string;
}

/**
 * Goes on with a stream's walk: each page is kept and the place behind it noted in one transaction, so that a kill loses
 * and repeats nothing. Leaves the job for the next page or walk behind.
 */
export async function pullStream(parts: SyncParts, { integrationId, stream }: PullJob): Promise<void> {
  const connection = await parts.db.readOne(selectConnection(integrationId));
  if (!connection || connection.only_listens || SILENT.includes(connection.status)) return;
  const pull = connectorOf(parts, connection).pull.get(stream);
  if (!pull) return;
  try {
    const pauseMs = await walkOn(parts, connection, stream, pull);
    await again(parts, integrationId, stream, pauseMs);
  } catch (error) {
    if (!(error instanceof ConnectorFailure)) throw error;
    const failures = await noteFailure(parts, connection, stream, error);
    const pauseMs = askedToWait(error) ?? Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
    await again(parts, integrationId, stream, pauseMs);
  }
}

/** How long until there is more to do. */
async function walkOn(
  parts: SyncParts,
  connection: ConnectionRow,
  stream: string,
  pull: PullDefinition<unknown, unknown>,
): Promise<number> {
  const now = parts.clock.now();
  const state = (await parts.db.transaction('open-stream', (tx) =>
    tx.one(openStream(connection.id, stream, now.toISOString())),
  ))!;
  const isFirst = state.checkpoint === null && state.walk === null;
  if (isFirst && (await mustAwait(parts, connection, stream))) return AWAIT_PAUSE_MS;
  let walk =
    state.walk ?? (await begin(parts, connection.id, stream, beginWalk(state.checkpoint, pull.overlapMs, now)));
  for (let pages = 0; pages < PAGES_A_RUN; pages += 1) {
    const priority = walk.since === null ? 'backfill' : 'live';
    const since = walk.since === null ? null : new Date(walk.since);
    const page = await pull.page(streamContext(parts, connection, priority), { since, cursor: walk.cursor });
    const next = behindPage(walk, page);
    const isMoved = await keep(parts, connection, { stream, walk, next, page });
    // Another process goes on with it.
    if (!isMoved) return pull.everyMs;
    if (next === null) return pull.everyMs;
    if (page.waitMs !== undefined) return page.waitMs;
    walk = next;
  }
  return 0;
}

/** What its records rest on is read, and taken over, before the stream is read for the first time. */
async function mustAwait(parts: SyncParts, connection: ConnectionRow, stream: string): Promise<boolean> {
  const streams = streamsToAwait(connectorOf(parts, connection), stream);
  for (let looks = 0; looks < LOOKS && streams.length > 0; looks += 1) {
    const { isUnread, isUntaken } = (await parts.db.readOne(selectAwaited(connection.id, streams)))!;
    if (!isUnread && !isUntaken) return false;
    // Whoever reads the last of them to its end makes the job due.
    if (isUnread) return true;
    await wait(LOOK_MS);
  }
  return streams.length > 0;
}

async function begin(parts: SyncParts, integrationId: string, stream: string, walk: Walk): Promise<Walk> {
  await parts.db.transaction('begin-walk', (tx) => tx.query(beginStream(integrationId, stream, JSON.stringify(walk))));
  return walk;
}

async function again(parts: SyncParts, integrationId: string, stream: string, pauseMs: number): Promise<void> {
  await parts.db.transaction('pull-again', (tx) => tx.query(addLaterPullJob(integrationId, stream, pauseMs)));
}

async function keep(
  parts: SyncParts,
  connection: ConnectionRow,
  at: { stream: string; walk: Walk; next: Walk | null; page: PulledPage },
): Promise<boolean> {
  const { stream, walk, next, page } = at;
  const now = parts.clock.now();
  return parts.db.transaction('keep-page', async (tx) => {
    // A walk that has ended moves the checkpoint; one under way keeps it where the walk began.
    const moved = await tx.one(
      moveStream(
        connection.id,
        stream,
        next === null ? checkpointBehind(walk, page) : null,
        next === null ? null : JSON.stringify(next),
        page.records.length,
        next === null ? now.toISOString() : null,
        walk.step,
      ),
    );
    if (!moved) return false;
    if (next === null)
      await noteProgress(scopeOf(parts, tx, connection), {
        integrationId: connection.id,
        stream,
        isFirst: walk.since === null,
        rows: walk.rows + page.records.length,
      });
    if (next === null && walk.since === null) tx.defer(...jobsOfWaiting(parts, connection, stream));
    if (page.records.length > 0) {
      tx.defer(
        receive(
          connection.id,
          'PULL',
          page.records.map((record) => messageOf(stream, record)),
          now,
        ),
      );
    }
    return true;
  });
}

function jobsOfWaiting(parts: SyncParts, connection: ConnectionRow, stream: string): Statement[] {
  const waiting = streamsThatAwait(connectorOf(parts, connection), stream);
  return waiting.map((name) => addPullJob(connection.id, name, 0));
}

function messageOf(stream: string, { externalId, version, modifiedAt, raw }: PulledRecord) {
  const body = Buffer.from(JSON.stringify(raw));
  return { topic: stream, eventId: `${externalId}@${version}`, externalId, body, occurredAt: modifiedAt };
}

async function noteFailure(
  parts: SyncParts,
  connection: ConnectionRow,
  stream: string,
  failure: ConnectorFailure,
): Promise<number> {
  parts.log.warn({ err: failure, integration: connection.code, stream }, 'a page could not be pulled');
  // Where a walk stands may be what is wrong: after some tries it begins anew.
  const mayBePlace = failure.kind === 'rejected' || failure.kind === 'unexpected_shape';
  const tries = failure instanceof LostPlace ? 0 : TRIES_AT_A_PLACE;
  return parts.db.transaction('pull-failed', async (tx) => {
    const failed = await tx.one(
      failStream(connection.id, stream, mayBePlace, tries, askedToWait(failure) === null ? 1 : 0),
    );
    const status = STATUS_BEHIND[failure.kind];
    const trouble = { integrationId: connection.id, status, error: failure.message };
    if (status) await noteTrouble(scopeOf(parts, tx, connection), { ...trouble, status });
    return failed?.failures ?? 0;
  });
}

const STATUS_BEHIND = {
  // Noted where the call was made: by now a person may have mended it.
  unauthorized: null,
  rejected: 'DEGRADED',
  unexpected_shape: 'DEGRADED',
  throttled: null,
  transient: null,
} as const;
