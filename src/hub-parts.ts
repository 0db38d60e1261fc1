import type { Checkpoint } from './db/transaction.js';
import type { TrustedSettings } from './graph/graph.js';
import type { Limits } from './graph/limits.js';
import type { GivenModuleSettings } from './module-list.js';
import type { Clock } from './shared/clock.js';
import type { HostPort } from './shared/host-port.js';
import type { Log } from './shared/log.js';

/**
 * What a hub is put together of, the settings of its modules under their names; what is left out of those is as in an
 * empty environment.
 */
export interface HubParts extends GivenModuleSettings {
  databaseUrl: string;
  secretKey: string;
  host: string;
  port: number;
  /** Null: where the hub listens. */
  publicUrl: string | null;
  /** Pages of these origins may call the hub from a browser. */
  allowedOrigins?: readonly string[];
  /** Left out: every document runs. */
  trusted?: TrustedSettings;
  adminKey: string | null;
  /** Hosts that may be called although they are in a private network; left out: none. */
  egressAllow?: readonly HostPort[];
  /** The usual pause between two compares of hub and system; a day, if left out, and 0 where they are only asked for. */
  reconcileEveryMs?: number;
  clock: Clock;
  log: Log;
  limits?: Partial<Limits>;
  /** Told what the start does, in a line for people. */
  onProgress?: (message: string) => void;
  /** What the hub does by itself now and then waits to be asked for: for tests that set the clock. */
  isUpkeepByHand?: boolean;
  /** Only tests that kill the process pass these. */
  checkpoint?: Checkpoint;
  onRead?: (statement: string) => void;
}
