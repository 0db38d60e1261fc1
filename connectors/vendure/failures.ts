// Three layers tell what went wrong: the status (400 for a document that is not valid), `errors` of a 200, and in a
// mutation's data a type that is an ErrorResult. https://docs.vendure.io/guides/developer-guide/error-handling/
import { ConnectorFailure, type FailureKind, type IncomingResponse, type OutgoingRequest } from '#connect';
import { z } from 'zod';

const answerShape = z.object({
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string().nullish() }).nullish() }))
    .min(1),
});

const KINDS: Readonly<Record<string, FailureKind>> = {
  // No session, an old one, and a right that is missing are all the same: a new token tells them apart.
  FORBIDDEN: 'unauthorized',
  UNAUTHORIZED: 'unauthorized',
  INTERNAL_SERVER_ERROR: 'transient',
};

export function failureIn({ status, body }: IncomingResponse, { operation }: OutgoingRequest): ConnectorFailure | null {
  const answer = answerShape.safeParse(body);
  if (!answer.success) return null;
  const { errors } = answer.data;
  const codes = errors.map(({ extensions }) => extensions?.code ?? '');
  const said = errors.map(({ message, extensions }) => `${message}${extensions?.code ? ` (${extensions.code})` : ''}`);
  const known = Object.keys(KINDS).find((code) => codes.includes(code));
  if (status !== 200 && !known && status !== 400) return null;
  return new ConnectorFailure(known ? KINDS[known]! : 'rejected', `${operation}: ${said.join('; ')}`);
}
