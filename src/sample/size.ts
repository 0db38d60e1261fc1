/** How much of a company there is. */
export interface SampleSize {
  /** Since when it keeps its books here. */
  days: number;
  products: number;
  customers: number;
  orders: number;
  quotes: number;
}

export const FULL: SampleSize = { days: 90, products: 200, customers: 300, orders: 2_000, quotes: 150 };
/** Enough to look at, and there in a moment. */
export const SMALL: SampleSize = { days: 30, products: 27, customers: 12, orders: 60, quotes: 16 };
