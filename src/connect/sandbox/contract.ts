import type { FaultMode, Faults } from './faults.js';

/** A stand-in for the vendor, to try the hub out with: it makes records of its own and takes what the hub writes. */
export interface SandboxDefinition {
  /** The sample company sells in it too. */
  isShowcase?: boolean;
  /** Faults that this vendor cannot have, each with the reason; what is not named here has to happen in it. */
  cannot?: Partial<Record<FaultMode, string>>;
  /** What to connect with, so that what the sandbox signs with the secret is taken. `baseUrl` comes with the start. */
  connection(secret: string): { settings: object; credentials: object };
  start(options: SandboxOptions): Promise<Sandbox>;
}

export interface SandboxOptions {
  /** Where it delivers; null: nowhere. */
  webhookUrl: string | null;
  secret: string;
  /** What is sold there; prices include tax, rates are fractions. */
  products: { sku: string; name: string; price: string; taxRate: string; requiresShipping?: boolean }[];
  currency?: string;
  /** The same seed makes the same records, whatever the faults. */
  seed: number;
  /** Number of the first record; one that is started again goes on behind its last one, or nothing is new. */
  firstNumber?: number;
  faults?: Faults;
  clock: { now(): Date };
}

export interface Sandbox {
  /** Where its API answers. */
  baseUrl: string;
  /**
   * Does the next so many things that happen in a business: records are made, changed, called off and deleted, and
   * what is to be delivered is.
   */
  act(count: number): void;
  /** The orders, quotes and other records made so far. */
  made: readonly { kind: string; id: string; number?: string; total?: string }[];
  /**
   * What it keeps now, by kind and id, what the hub wrote included, and nothing that depends on when or how often
   * something was asked: two sandboxes of one seed that heard the same from their hubs have the same state.
   */
  state(): Record<string, Record<string, unknown>>;
  /** Resolves when all deliveries so far have been taken or given up. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}
