// Application errors come with status 200: {"id":1,"error":[KIND,[DETAILS...]]}; no code tells one UserError from another.
import { ConnectorFailure, show, type FailureKind } from '#connect';

export interface Refused {
  kind: string;
  details: string[];
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  UserError: 'rejected',
  UserWarning: 'rejected',
  // Somebody wrote the record at the same time.
  ConcurrencyException: 'transient',
  NotLogged: 'unauthorized',
};

export function refusalIn(body: unknown): Refused | null {
  const { error } = (body ?? {}) as { error?: unknown };
  if (error == null) return null;
  const [kind, details] = Array.isArray(error) ? (error as unknown[]) : [show(error)];
  const said = Array.isArray(details) ? (details as unknown[]) : [details];
  return { kind: String(kind), details: said.filter((each) => typeof each === 'string') };
}

/** Anything but a known kind is Python’s own word for a call that does not fit: the server is not as it was. */
export function failureOf(method: string, { kind, details }: Refused): ConnectorFailure {
  const said = details.filter((each) => each.trim() !== '').join(': ');
  return new ConnectorFailure(KINDS[kind] ?? 'unexpected_shape', `${method}: ${said || kind} (${kind})`);
}
