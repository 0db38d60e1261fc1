// The connector kit: all that a connector folder may import of ours, and the shape in which the engine uses it.
export { baseUrl, secret, type ConfigurationCheck, type ConfigurationIssue } from './configuration.js';
export type {
  Change,
  ChannelKind,
  Connector,
  ConnectorDefinition,
  ConnectorWebhooks,
  IntegrationKind,
  Sandbox,
  SandboxDefinition,
  SandboxOptions,
  WebhookDefinition,
  WebhookIdentity,
  WebhookRequest,
} from './contract.js';
export { defineConnector } from './define-connector.js';
export { glanceAtJson, parseJsonExactly } from './exact-json.js';
export { ConnectorFailure, FAILURE_KINDS, rejected, type FailureKind } from './failures.js';
export { readWire } from './read-wire.js';
export { secretBox, type SecretBox } from './secret-box.js';
export { hasValidHmac } from './signatures.js';
export type {
  StatedAddress,
  StatedAdjustment,
  StatedCustomer,
  StatedLine,
  StatedOrder,
  StatedShippingLine,
  StatedTax,
  StatedTotals,
} from '../shared/stated-order.js';
// Exact arithmetic, so that no connector brings its own.
export { decimalText, exact, isDecimalText } from '../shared/decimal.js';
export { show } from '../shared/failures.js';
export { isCurrency, minorOfAmount, minorOfQuantity, minorOfShare, moneyOfMinor, spread } from '../shared/money.js';
