/** A product as a connected system states it. A field left out is one it says nothing about. */
export interface StatedProduct {
  externalId: string;
  externalUrl?: string;
  sourceVersion: Date;
  sku: string;
  name?: string;
  description?: string | null;
  weightGrams?: number | null;
  isActive?: boolean;
  isStocked?: boolean;
  requiresShipping?: boolean;
}

/** How much of a product a system has at a place. Exactly one of the two amounts. */
export interface StatedStock {
  /** Of the level there: the item's and the place's id together where it has none of its own. */
  externalId: string;
  sourceVersion: Date;
  sku: string;
  /** The hub's code of the location; a connector translates it by its settings. */
  location: string;
  /** What lies there, promised or not. */
  onHand?: string;
  /** What is free to sell there, as that system counts. */
  available?: string;
}
