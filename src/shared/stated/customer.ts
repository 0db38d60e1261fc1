import type { StatedAddress } from './order.js';

/**
 * A customer as a connected system states it. A field left out is one it says nothing about; null is one it says is
 * empty. Which system's word stands is decided field by field, by policy.
 */
export interface StatedCustomerRecord {
  externalId: string;
  externalUrl?: string;
  /** When this state came to be there. */
  sourceVersion: Date;
  name?: string;
  kind?: 'COMPANY' | 'PERSON';
  email?: string | null;
  phone?: string | null;
  taxId?: string | null;
  isActive?: boolean;
  billingAddress?: StatedAddress | null;
  shippingAddresses?: StatedAddress[];
  tags?: string[];
  /** All of them, as far as the system knows; left out where it keeps them as records of their own. */
  contacts?: StatedContact[];
}

/** A person at a customer. */
export interface StatedContact {
  /** Its id there, where it has one; else the e-mail address tells it from others. */
  externalId?: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  role?: string | null;
  isPrimary?: boolean;
}

/** A person as a record of its own, and which customers it belongs to. */
export interface StatedContactRecord extends StatedContact {
  externalId: string;
  sourceVersion: Date;
  /** The customers' ids there; empty where it belongs to none. */
  customerExternalIds: string[];
}
