import type { ServiceKey } from '../../graph/context.js';
import type { PaymentFigures } from './payment.rules.js';

/** Where a payment stands by its provider's word; minor units. */
export interface Standing {
  /** The provider's id of the payment. */
  reference: string;
  /** What it comes to as long as no money stands behind it. */
  unfunded: 'PENDING' | 'REQUIRES_ACTION' | 'VOIDED' | 'FAILED';
  authorized: bigint;
  captured: bigint;
  refunded: bigint;
  /** Nothing more can be taken: what was authorized and not taken is free. */
  isClosed: boolean;
  method: string | null;
  /** Safe to show. */
  displayName: string | null;
  actionUrl: string | null;
  /** Keys of the captures and refunds that the provider has carried out. */
  keys: ReadonlySet<string>;
}

export type Answer =
  /** Nobody is to be asked: people move the money. */
  | { kind: 'agreed' }
  /** `isDecided` is false while the payer, or somebody behind the provider, has yet to do something. */
  | { kind: 'standing'; standing: Standing; isDecided: boolean }
  | { kind: 'refused'; reason: string; standing: Standing | null }
  /** The provider knows no such payment. */
  | { kind: 'unknown' };

/** What a provider is told of an attempt. */
export interface ProviderCall {
  /** Handed on as the idempotency key: the same key has effect once. */
  key: string;
  /** By our names, so that the payment is found where its answer was lost. */
  payment: string;
  order: string;
  reference: string | null;
  amount: bigint;
  /** Nothing of the authorization is left behind this capture. */
  isLast: boolean;
  currency: string;
  token: string | null;
  /** Where the payer comes back to. */
  returnUrl: string | null;
}

/** News of a payment, with no more than what it takes to ask for its standing. */
export interface Notice {
  id: string;
  reference: string | null;
  payment: string | null;
}

/**
 * Who moves money for the hub. Called between transactions, never inside one, and each call perhaps again under the same
 * key. What a call throws means that nobody knows what became of it.
 */
export interface RemoteProvider {
  readonly code: string;
  readonly isRemote: true;
  authorize(call: ProviderCall): Promise<Answer>;
  capture(call: ProviderCall): Promise<Answer>;
  void(call: ProviderCall): Promise<Answer>;
  refund(call: ProviderCall): Promise<Answer>;
  /** Where the payment stands now: by its reference, or by our name where that is not known. */
  read(call: ProviderCall): Promise<Answer>;
  /** What a webhook tells, null where it is about none of our payments. Throws where the signature does not fit. */
  notice(body: Buffer, headers: Readonly<Record<string, string | string[] | undefined>>, at: Date): Notice | null;
}

export type PaymentStep = 'AUTHORIZE' | 'CAPTURE' | 'VOID' | 'REFUND';

/** Money that people move: the hub is told, asks nobody, and what it is told has happened. */
export interface LocalProvider {
  readonly code: string;
  readonly isRemote: false;
  after(before: PaymentFigures, step: PaymentStep, amount: bigint, method: string | null): PaymentFigures;
}

export type PaymentProvider = RemoteProvider | LocalProvider;
/** Those that the hub acts through, by their code. */
export const paymentProviders: ServiceKey<ReadonlyMap<string, PaymentProvider>> = { name: 'payment-providers' };
