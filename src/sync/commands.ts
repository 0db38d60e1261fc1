import type { Connector } from '../connect/index.js';
import type { EngineCommands } from '../modules/integrations/index.js';
import { addOpenLaneJobs, replayMessage } from './inbox/inbox.queries.js';
import { addPullJob } from './pull/pull.queries.js';

/** What the graph may ask of the engine. */
export function commandsOf(connectors: ReadonlyMap<string, Connector>): EngineCommands {
  return {
    syncNow({ id, connector }, stream) {
      const streams = stream === null ? [...(connectors.get(connector)?.pull.keys() ?? [])] : [stream];
      return streams.map((name) => addPullJob(id, name, 0));
    },
    workOff: (integrationId) => [addOpenLaneJobs(integrationId)],
    replay: ({ integrationId, messageId }) => [replayMessage(integrationId, messageId)],
  };
}
