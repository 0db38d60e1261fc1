import { ConnectorFailure, type Sent } from '#connect';

/** One after the other; what becomes of one is no matter of the others. */
export async function eachInTurn<T>(
  batch: readonly T[],
  tell: (sending: T) => Promise<Sent>,
): Promise<(Sent | ConnectorFailure)[]> {
  const outcomes: (Sent | ConnectorFailure)[] = [];
  for (const sending of batch) {
    try {
      outcomes.push(await tell(sending));
    } catch (error) {
      if (!(error instanceof ConnectorFailure)) throw error;
      outcomes.push(error);
    }
  }
  return outcomes;
}
