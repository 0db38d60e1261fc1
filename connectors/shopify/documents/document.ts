/** A GraphQL document as it is sent. */
export interface Document {
  /** The name of its one operation; what calls are called by. */
  name: string;
  text: string;
  /** About what the shop counts for it; it tells what it really was with each answer. */
  cost: number;
  /** Whether it may be sent again where no answer came. */
  isRepeatable: boolean;
}

export function query(name: string, cost: number, text: string): Document {
  return { name, text: `query ${name}${text.trim()}`, cost, isRepeatable: true };
}

/** `isRepeatable`: it carries a key, or doing it again makes nothing new. */
export function mutation(name: string, { isRepeatable }: { isRepeatable: boolean }, text: string): Document {
  return { name, text: `mutation ${name}${text.trim()}`, cost: 10, isRepeatable };
}
