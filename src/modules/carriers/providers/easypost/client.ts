import sdk from '@easypost/api';

/** What is used of the SDK. Its types are those of its CommonJS build, in which the class stands one level deeper. */
export interface EasyPostClient {
  Shipment: {
    create(params: object): Promise<unknown>;
    retrieve(id: string): Promise<unknown>;
    buy(id: string, rate: string): Promise<unknown>;
    refund(id: string): Promise<unknown>;
  };
  Tracker: {
    create(params: object): Promise<unknown>;
    retrieve(id: string): Promise<unknown>;
  };
}
interface Request {
  timeout(limits: { response: number; deadline: number }): Request;
  redirects(most: number): Request;
  maxResponseSize(bytes: number): Request;
}
type ClientClass = new (
  key: string,
  options: { baseUrl: string; requestMiddleware: (request: Request) => Request },
) => EasyPostClient;

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** The SDK takes a timeout and does not keep it: it is set on each request. A call is never repeated here. */
export function clientOf(apiKey: string, url: string): EasyPostClient {
  const Client = sdk as unknown as ClientClass;
  return new Client(apiKey, {
    baseUrl: `${url}/v2/`,
    requestMiddleware: (request) =>
      request.timeout({ response: TIMEOUT_MS, deadline: TIMEOUT_MS }).redirects(0).maxResponseSize(MOST_BYTES),
  });
}

/** It was looked at, and nothing was done, for good; null where nobody knows, or where it may be done later. */
export function refusalOf(error: unknown): string | null {
  const { statusCode, message, code } = error as { statusCode?: number; message?: string; code?: string };
  const isRefusal = statusCode === 400 || statusCode === 402 || statusCode === 404 || statusCode === 422;
  return isRefusal ? `${message ?? 'no reason is given'}${code ? ` (${code})` : ''}` : null;
}
