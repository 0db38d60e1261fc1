import type { SyncParts } from '../parts.js';

/** What pushing works with besides the rest of the engine. */
export interface PushParts extends SyncParts {
  httpFor: NonNullable<SyncParts['httpFor']>;
  /** How long a call that its process did not live to hear of may still be on its way. */
  straggleMs?: number;
}

/** A stream of an integration. */
export interface PushJob {
  integrationId: string;
  stream: string;
}
