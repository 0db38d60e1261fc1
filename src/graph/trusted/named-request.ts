import type { HTTPGraphQLRequest } from '@apollo/server';
import { isRecord, type DocumentRequest } from './document-name.js';
import type { DocumentTexts } from './document-texts.js';

/** The request with the text that it names in its place. What is no request of GraphQL is left for Apollo to refuse. */
export function withDocumentText(request: HTTPGraphQLRequest, texts: DocumentTexts): HTTPGraphQLRequest {
  if (request.method === 'GET') return { ...request, search: searchWithText(request.search, texts) };
  if (!isRecord(request.body)) return request;
  const query = texts.textOf(request.body as DocumentRequest);
  if (query === undefined) return request;
  const { documentId: _, extensions, ...body } = request.body;
  return { ...request, body: { ...body, query, ...(extensions !== undefined && { extensions: unnamed(extensions) }) } };
}

function searchWithText(search: string, texts: DocumentTexts): string {
  const params = new URLSearchParams(search);
  const extensions = parsed(params.get('extensions'));
  const query = texts.textOf({ query: params.get('query'), documentId: params.get('documentId'), extensions });
  // Apollo reads a text that stands there itself, and refuses what stands there twice.
  if (query === undefined || params.has('query')) return withoutName(params, extensions);
  params.set('query', query);
  return withoutName(params, extensions);
}

function withoutName(params: URLSearchParams, extensions: unknown): string {
  params.delete('documentId');
  if (isRecord(extensions) && params.getAll('extensions').length === 1) {
    params.set('extensions', JSON.stringify(unnamed(extensions)));
  }
  return `?${params}`;
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** What names the document has done its work: Apollo would look for the name in a store of its own. */
function unnamed(extensions: unknown): unknown {
  if (!isRecord(extensions)) return extensions;
  const { persistedQuery: _, ...rest } = extensions;
  return rest;
}
