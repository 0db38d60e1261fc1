import type { Feed } from '../../events/feed.js';
import type { ServiceKey } from '../context.js';

/** The process's one reader of the event log. */
export const feedKey: ServiceKey<Feed> = { name: 'feed' };
