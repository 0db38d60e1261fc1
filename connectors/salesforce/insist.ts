import { ConnectorFailure, type ConnectorHttp, type IncomingResponse, type OutgoingRequest } from '#connect';

const MOST_TRIES = 5;

/**
 * Sends what may be sent again, some times more where no answer came of it. A page of quotes takes several calls: were all of
 * them anew for each that fails, a bad hour would let none through. How long to wait in between is the pacer’s to say.
 */
export async function insist(http: ConnectorHttp, request: OutgoingRequest): Promise<IncomingResponse> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await http.send({ ...request, isRepeatable: true });
    } catch (error) {
      const isFinal = !(error instanceof ConnectorFailure) || ['rejected', 'unauthorized'].includes(error.kind);
      if (isFinal || tries === MOST_TRIES) throw error;
    }
  }
}
