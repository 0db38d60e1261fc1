/** Plain numbers, for whoever exports them. */
export interface LiveMetrics {
  sockets: number;
  socketsOpened: number;
  subscriptions: number;
  /** Sets of subscriptions that share their executions. */
  groups: number;
  /** Executions for live messages; each serves every subscription of its group. */
  executions: number;
  replayedMessages: number;
  liveMessages: number;
  /** Subscriptions ended because their reader was too slow. */
  lagged: number;
  /** Between an event's time and its being handed to the last socket, for the newest event. */
  lagMs: number;
}

export function liveMetrics(): LiveMetrics {
  return {
    sockets: 0,
    socketsOpened: 0,
    subscriptions: 0,
    groups: 0,
    executions: 0,
    replayedMessages: 0,
    liveMessages: 0,
    lagged: 0,
    lagMs: 0,
  };
}
