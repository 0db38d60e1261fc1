export type ActorKind = 'USER' | 'API_KEY' | 'INTEGRATION' | 'RULE' | 'CUSTOMER' | 'SYSTEM';

/** Who did it: stands on every event and every stock movement. `id` is the database's id. */
export interface Actor {
  kind: ActorKind;
  id: string | null;
  name: string;
}

export const SYSTEM: Actor = { kind: 'SYSTEM', id: null, name: 'Hub' };
