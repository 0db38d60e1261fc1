import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RequestError } from '../shared/failures.js';
import type { Viewer } from './access.js';
import type { ServiceKey } from './context.js';

export type AddressKind = 'LOOPBACK' | 'PRIVATE' | 'PUBLIC';

/** From where and by which program somebody calls: what the use of a key is counted by. */
export interface CallerFacts {
  addressKind: AddressKind;
  agent: string;
}

/** Finds the viewer of a secret; null for one that is unknown, expired or revoked. Counts both. */
export interface KeyRing {
  viewerOf(secret: string, caller: CallerFacts): Promise<Viewer | null>;
}

/** Admits a request or a socket by its API key, and no more of them in a minute than the limit allows. */
export class Gatekeeper {
  readonly #limiter: RateLimiterMemory;

  constructor(
    private readonly keys: KeyRing,
    requestsPerMinute: number,
  ) {
    this.#limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  }

  /** `authorization` is "Bearer <key>"; throws UNAUTHENTICATED or TOO_MANY_REQUESTS. */
  async admit(authorization: string | undefined, caller: CallerFacts): Promise<Viewer> {
    const viewer = await this.identify(authorization, caller);
    await this.spend(viewer);
    return viewer;
  }

  async identify(authorization: string | undefined, caller: CallerFacts): Promise<Viewer> {
    const secret = /^Bearer\s+(\S{1,200})$/i.exec(authorization ?? '')?.[1];
    if (!secret) throw new RequestError('UNAUTHENTICATED', 'Send an API key: "Authorization: Bearer <key>"');
    const viewer = await this.keys.viewerOf(secret, caller);
    if (!viewer) throw new RequestError('UNAUTHENTICATED', 'The API key is unknown, expired or revoked');
    return viewer;
  }

  async spend(viewer: Viewer): Promise<void> {
    try {
      await this.#limiter.consume(viewer.keyId);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new RequestError('TOO_MANY_REQUESTS', 'The key has spent its requests for this minute', {
        retryAfterMs: error.msBeforeNext,
      });
    }
  }
}

/** For routes of modules, which admit their callers as the graph does. */
export const gatekeeperOfHub: ServiceKey<Gatekeeper> = { name: 'gatekeeper' };

export function authorizationOf(req: IncomingMessage): string | undefined {
  return req.headers.authorization;
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;
const PRIVATE = /^(::ffff:)?(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)|^f[cd][0-9a-f]{2}:|^fe80:/i;
/** The product that a User-Agent begins with, without its version. */
const PRODUCT = /^[A-Za-z][\w.-]{0,39}/;

export function callerOf(req: IncomingMessage): CallerFacts {
  const address = req.socket.remoteAddress ?? '';
  const addressKind = LOOPBACK.test(address) ? 'LOOPBACK' : PRIVATE.test(address) ? 'PRIVATE' : 'PUBLIC';
  return { addressKind, agent: PRODUCT.exec(req.headers['user-agent'] ?? '')?.[0] ?? 'unknown' };
}
