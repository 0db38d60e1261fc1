/** A parcel as a connected system states it. */
export interface StatedShipment {
  externalId: string;
  externalUrl?: string;
  sourceVersion: Date;
  /** The order's id there; its record may come later, the shipment then waits for it. */
  orderExternalId: string;
  status:
    | 'PENDING'
    | 'PICKING'
    | 'PACKED'
    | 'SHIPPED'
    | 'IN_TRANSIT'
    | 'OUT_FOR_DELIVERY'
    | 'DELIVERED'
    | 'EXCEPTION'
    | 'DELIVERY_FAILED'
    | 'RETURNED_TO_SENDER'
    | 'LOST'
    | 'CANCELED';
  /** The hub's code of the location it leaves from; left out where the system does not say. */
  location?: string;
  carrier?: string;
  service?: string;
  trackingNumber?: string;
  trackingUrl?: string;
  /** When it came to its status. */
  at: Date;
  /** When the goods were taken off the stock there; left out where that was when it came to its status. */
  stockLeftAt?: Date;
  lines: StatedShipmentLine[];
}

/** Names the order's line by its id there, or by its SKU where the system does not tell. */
export interface StatedShipmentLine {
  lineExternalId?: string;
  sku?: string;
  quantity: string;
}
