// By what the hub knows its own records there again: no field of a sale is unique.

const ORDER = /^Hub order (\w+)$/;

/** Stands in the description of a sale that is an order of the hub; its reference shows people the order’s number. */
export function markOfOrder(hubId: string): string {
  return `Hub order ${hubId}`;
}
export function hubOrderIn(description: string | null | undefined): string | undefined {
  return ORDER.exec(description?.trim() ?? '')?.[1];
}

/** The code of a party that is a customer of the hub; codes are unique there. */
export function codeOfCustomer(number: string): string {
  return `HUB-${number}`;
}
