import type { Connector } from '../connect/index.js';
import type { EngineCommands } from '../modules/integrations/index.js';
import { addOpenLaneJobs, replayMessage } from './inbox/inbox.queries.js';
import { receive } from './inbox/receive.js';
import { addPullJob } from './pull/pull.queries.js';
import { comparableStreams } from './reconcile/comparable.js';
import { hintMessage } from './reconcile/compare-record.js';
import { addReconcileJob, askForCompare } from './reconcile/reconcile.queries.js';

/** What the graph may ask of the engine. */
export function commandsOf(connectors: ReadonlyMap<string, Connector>): EngineCommands {
  return {
    syncNow({ id, connector }, stream) {
      const streams = stream === null ? [...(connectors.get(connector)?.pull.keys() ?? [])] : [stream];
      return streams.map((name) => addPullJob(id, name, 0));
    },
    comparable: (code) => {
      const connector = connectors.get(code);
      return connector ? comparableStreams(connector) : [];
    },
    compareNow: (integrationId, stream) => [
      askForCompare(integrationId, stream),
      addReconcileJob(integrationId, stream, 0),
    ],
    reread: ({ integrationId, stream, externalId, reason, at }) => [
      receive(integrationId, 'CENSUS', [hintMessage(stream, externalId, reason)], at),
    ],
    workOff: (integrationId) => [addOpenLaneJobs(integrationId)],
    replay: ({ integrationId, messageId }) => [replayMessage(integrationId, messageId)],
  };
}
