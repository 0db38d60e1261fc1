import pg from 'pg';
import { ConnectorFailure, type Token, type TokenKeeper } from '../../connect/index.js';
import type { Statement } from '../../db/statement.js';
import { parseInstant } from '../../shared/clock.js';
import { saveToken, selectToken, TOKENS } from './token.queries.js';

export interface TokenKeeperParts {
  db: {
    readonly url: string;
    readOne<Row>(statement: Statement<Row>): Promise<Row | undefined>;
    transaction<T>(
      name: string,
      work: (tx: { one<Row>(statement: Statement<Row>): Promise<Row | undefined> }) => Promise<T>,
    ): Promise<T>;
  };
  clock: { now(): Date };
  cipher: { seal(plain: string, boundTo: string): Buffer; open(sealed: Buffer, boundTo: string): string };
  connection: { id: string; code: string; credentials: Buffer | null };
}

interface Kept {
  token: Token;
  obtainedAt: number;
}

/** Before its end a token is not used any more; of a short one less than that. */
const SPARE_MS = 60_000;
const SPARE_SHARE = 0.2;

/**
 * Keeps an integration's token: sealed in the database, the same for all processes, renewed by one of them at a time. The
 * others wait and take what it got. The lock ends with its connection, so that a killed process keeps nobody waiting.
 */
export function tokenKeeper(parts: TokenKeeperParts): TokenKeeper {
  const { db, clock, cipher, connection } = parts;
  const boundTo = `${connection.id}/token`;
  let known: Kept | null = null;
  let renewal: Promise<Kept> | null = null;

  async function stored(): Promise<Kept | null> {
    const row = await db.readOne(selectToken(connection.id));
    return row ? keptOf(cipher.open(row.sealed, boundTo)) : null;
  }

  async function renew(get: (last: Token | null) => Promise<Token>, refused: Token | undefined): Promise<Kept> {
    return alone(db.url, connection.id, async () => {
      const last = await stored();
      if (last && isGood(last, refused, clock.now())) return last;
      const token = await get(last?.token ?? null).catch((error: unknown) => {
        throw asRefusal(connection.code, error);
      });
      // A system that does not rotate tells the refresh token once.
      const refreshToken = token.refreshToken ?? last?.token.refreshToken;
      const kept: Kept = {
        token: { ...token, ...(refreshToken !== undefined && { refreshToken }) },
        obtainedAt: clock.now().getTime(),
      };
      const sealed = cipher.seal(JSON.stringify(kept), boundTo);
      const saved = await db.transaction('keep-token', (tx) =>
        tx.one(saveToken(connection.id, connection.credentials, sealed, clock.now().toISOString())),
      );
      if (!saved) throw new ConnectorFailure('transient', `${connection.code}: it was connected anew meanwhile`);
      return kept;
    });
  }

  return {
    async current(get, refused) {
      if (known && isGood(known, refused, clock.now())) return known.token;
      known = await stored();
      if (known && isGood(known, refused, clock.now())) return known.token;
      renewal ??= renew(get, refused).finally(() => {
        renewal = null;
      });
      known = await renewal;
      return known.token;
    },
  };
}

function isGood({ token, obtainedAt }: Kept, refused: Token | undefined, now: Date): boolean {
  if (token.accessToken === refused?.accessToken) return false;
  if (token.expiresAt === null) return true;
  const endsAt = token.expiresAt.getTime();
  return now.getTime() < endsAt - Math.min(SPARE_MS, (endsAt - obtainedAt) * SPARE_SHARE);
}

function keptOf(text: string): Kept {
  const { token, obtainedAt } = JSON.parse(text) as { token: Token & { expiresAt: string | null }; obtainedAt: number };
  const expiresAt = token.expiresAt === null ? null : parseInstant(token.expiresAt as unknown as string);
  return { token: { ...token, expiresAt }, obtainedAt };
}

/** What the system will never take is a grant that has ended (`invalid_grant`) or a wrong secret: a person has to come. */
function asRefusal(code: string, error: unknown): unknown {
  if (!(error instanceof ConnectorFailure) || error.kind !== 'rejected') return error;
  return new ConnectorFailure('unauthorized', `${code}: no access token: ${error.message}`, { cause: error });
}

/** A connection of its own: the lock is held while the system is asked, and requests need the pool's. */
async function alone<T>(url: string, integrationId: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  // Its loss ends the wait for the lock below; while the work runs, another process may begin.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1::int, hashtext($2))', [TOKENS, integrationId]);
    return await work();
  } finally {
    await client.end();
  }
}
