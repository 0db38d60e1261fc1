import 'reflect-metadata';
import { buildSchema, GraphQLError, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '../../src/db/database.js';
import { appendEvents, type NewEvent } from '../../src/events/append.js';
import { Feed } from '../../src/events/feed.js';
import { Sequencer } from '../../src/events/sequencer.js';
import { Role, type Viewer } from '../../src/graph/access.js';
import { Gatekeeper } from '../../src/graph/authenticate.js';
import { Services, type GraphContext, type GraphServices } from '../../src/graph/context.js';
import { Executor } from '../../src/graph/execution.js';
import { CostMeter, DEFAULT_LIMITS, type Limits } from '../../src/graph/limits.js';
import { feedKey } from '../../src/graph/live/feed-key.js';
import { LiveServer } from '../../src/graph/live/live-server.js';
import { DocumentTexts } from '../../src/graph/trusted/document-texts.js';
import { RegisteredDocuments } from '../../src/graph/trusted/registered-documents.js';
import { defineStream, type Stream, type StreamMessage } from '../../src/graph/live/stream.js';
import { SYSTEM } from '../../src/shared/actor.js';
import { RequestError } from '../../src/shared/failures.js';
import { freshDatabase, type FreshDatabase } from './database.js';
import { recordedLog } from './recorded-log.js';

const SDL = `
  type Query { hello: String slow(ms: Int!): String }
  type Subscription {
    changes(subject: ID, after: String): Change!
    forStaff: Change!
    failing(after: String): Change!
  }
  type Change { id: ID! cursor: String! kind: String! position: Int! subject: ID! sequence: Int! message: String! customer: ID loaded: Int! }`;

interface ChangesArgs {
  subject?: string | null;
  after?: string | null;
}

/** The live layer over a small schema of its own: what modules add to it is tested with them. */
export class LiveHub {
  url = '';
  /** How often the schema's `loaded` field ran: what sharing saves. */
  executions = 0;
  readonly log = recordedLog();
  readonly viewers = new Map<string, Viewer>();
  now = new Date('2026-03-01T09:30:00.000Z');

  private constructor(
    readonly fresh: FreshDatabase,
    readonly db: Database,
    readonly feed: Feed,
    readonly sequencer: Sequencer,
    private readonly http: Server,
  ) {}

  live!: LiveServer;
  schema!: GraphQLSchema;
  graph!: GraphServices;

  static async start(limits: Partial<Limits> = {}): Promise<LiveHub> {
    const fresh = await freshDatabase();
    const db = await Database.open({ url: fresh.url, entities: [] });
    const log = recordedLog();
    const feed = new Feed(db, log);
    await feed.start();
    const sequencer = new Sequencer(db.url, log);
    sequencer.start();
    const hub = new LiveHub(fresh, db, feed, sequencer, createServer());
    hub.viewers.set('staff', viewer('1'));
    hub.viewers.set('other-staff', viewer('2'));
    hub.viewers.set('customer-7', viewer('3', { roles: [Role.CUSTOMER], customerId: '7' }));
    await hub.#serve({ ...DEFAULT_LIMITS, ...limits });
    return hub;
  }

  async #serve(limits: Limits): Promise<void> {
    this.schema = this.#schema();
    const executor = new Executor(this.schema);
    const services = new Services().provide(feedKey, this.feed);
    this.graph = { db: this.db, clock: { now: () => this.now }, log: this.log, services };
    const gatekeeper = new Gatekeeper(
      { viewerOf: (secret) => Promise.resolve(this.viewers.get(secret) ?? null) },
      limits.requestsPerMinute,
    );
    const cost = new CostMeter(this.schema, limits);
    this.live = new LiveServer({
      graph: this.graph,
      executor,
      feed: this.feed,
      gatekeeper,
      limits,
      cost,
      texts: new DocumentTexts(new RegisteredDocuments([], []), false, limits.tokens),
      allowedOrigins: ['https://hub.example'],
    });
    this.live.attach(this.http);
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    this.url = `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}/graphql`;
  }

  #schema(): GraphQLSchema {
    const schema = buildSchema(SDL);
    const changes = defineStream<ChangesArgs>({
      filter: ({ subject }) => ({ subjectKind: 'order', ...(subject && { subjectId: subject }) }),
    });
    const fields = schema.getSubscriptionType()!.getFields();
    fields.changes!.subscribe = subscriber(changes);
    fields.failing!.subscribe = subscriber(changes);
    fields.forStaff!.subscribe = (_source, args: object, context: GraphContext) => {
      if (context.viewer.customerId !== null) throw new RequestError('FORBIDDEN', 'forStaff: for staff');
      return changes.subscribe({ args, context });
    };
    for (const name of ['changes', 'forStaff'])
      fields[name]!.resolve = (message: StreamMessage) => this.#change(message);
    fields.failing!.resolve = (message: StreamMessage) => {
      if (message.event.message === 'poison')
        throw new GraphQLError('poisoned', { extensions: { code: 'BAD_USER_INPUT' } });
      return this.#change(message);
    };
    const query = (schema.getQueryType() as GraphQLObjectType).getFields();
    query.hello!.resolve = () => 'world';
    query.slow!.resolve = async (_source, { ms }: { ms: number }) => pause(ms, `slept ${ms}`);
    return schema;
  }

  #change({ event, kind }: StreamMessage): Record<string, unknown> {
    const loaded = () => {
      this.executions += 1;
      return this.executions;
    };
    const { id, cursor, position, subjectId: subject, sequence, message, customerId: customer } = event;
    return { id, cursor, kind, position, subject, sequence, message, customer, loaded: loaded() };
  }

  /** Commits these events in one transaction. */
  async write(...events: (Partial<NewEvent> & { subjectId: string; sequence: number })[]): Promise<void> {
    await this.db.transaction('test.write', (tx) =>
      appendEvents(
        tx,
        events.map((event) => ({
          subjectKind: 'order',
          type: 'EDITED',
          at: this.now,
          actor: SYSTEM,
          message: `change ${event.sequence}`,
          ...event,
        })),
      ),
    );
  }

  async stop(): Promise<void> {
    await this.live.drain(0);
    await new Promise((resolve) => this.http.close(resolve));
    await this.sequencer.stop();
    await this.feed.stop();
    await this.db.close();
    await this.fresh.drop();
  }
}

function subscriber(stream: Stream) {
  return (_source: unknown, args: object, context: GraphContext) => stream.subscribe({ args, context });
}

export function viewer(keyId: string, more: Partial<Viewer> = {}): Viewer {
  return { keyId, caller: keyId, actor: SYSTEM, roles: [Role.ADMIN], customerId: null, expiresAt: null, ...more };
}
