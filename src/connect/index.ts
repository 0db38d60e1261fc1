// The connector kit: all that a connector folder may import of ours, and the shape in which the engine uses it.
export type { Change, Deletion, Hint, Merger, RecordKind } from './changes.js';
export { baseUrl, secret, type ConfigurationCheck, type ConfigurationIssue } from './configuration.js';
export type {
  AnyPush,
  ChannelKind,
  Connector,
  ConnectorDefinition,
  ConnectorWebhooks,
  IntegrationKind,
} from './contract.js';
export { defineConnector } from './define-connector.js';
export { privateNetworkGuard, type PrivateNetworkGuard } from './egress-guard.js';
export { glanceAtJson, parseJsonExactly } from './exact-json.js';
export type {
  Allowance,
  ConnectorHttp,
  Headers,
  HttpDefinition,
  IncomingResponse,
  Limit,
  OutgoingRequest,
  Query,
  Token,
} from './exchange.js';
export {
  askedToWait,
  ConnectorFailure,
  FAILURE_KINDS,
  MOST_UNANSWERED,
  rejected,
  type FailureKind,
} from './failures.js';
export { DEFAULT_HTTP_LIMITS, httpClient, type HttpClientParts } from './http-client.js';
export type { CallReport, EgressGuard, Outcome, Pacer, TokenKeeper } from './http-ports.js';
export { loneHttp } from './lone-http.js';
export { CUSTOMER_FIELDS, POLICIES, PRODUCT_FIELDS, type FieldPolicies, type Policy } from './policies.js';
export { readWire } from './read-wire.js';
export { chanceFrom, type Chance } from './sandbox/chance.js';
export type { Sandbox, SandboxDefinition, SandboxOptions } from './sandbox/contract.js';
export { Courier, type Delivery } from './sandbox/courier.js';
export { FAULT_MODES, Faults, NO_FAULTS, type FaultMode } from './sandbox/faults.js';
export { serveSandbox, type SandboxAnswer, type SandboxRequest, type ServedSandbox } from './sandbox/serve-sandbox.js';
export { secretBox, type SecretBox } from './secret-box.js';
export { hasValidHmac } from './signatures.js';
export type {
  PulledPage,
  PulledRecord,
  PullDefinition,
  PushDefinition,
  Sending,
  TellDifference,
  Sent,
  StreamContext,
} from './streams.js';
export type { WebhookDefinition, WebhookMessage, WebhookRequest } from './webhooks.js';
export type * from '../shared/outgoing/index.js';
export type * from '../shared/stated/index.js';
// Exact arithmetic, so that no connector brings its own.
export { decimalText, exact, isDecimalText } from '../shared/decimal.js';
export { show } from '../shared/failures.js';
export { isCurrency, minorOfAmount, minorOfQuantity, minorOfShare, moneyOfMinor, spread } from '../shared/money.js';
