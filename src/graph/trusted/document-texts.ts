import QuickLRU from 'quick-lru';
import { badInput, RequestError } from '../../shared/failures.js';
import { documentName, type DocumentRequest } from './document-name.js';
import { hashOf, type RegisteredDocuments } from './registered-documents.js';

/** Texts that clients have sent with their hash are kept so many and so long at most. */
const MAX_SENT = 1_000;
const MAX_LENGTH = 20_000;

/** Finds the text that a request is to run, over HTTP and WebSocket alike. */
export class DocumentTexts {
  readonly #sent = new QuickLRU<string, string>({ maxSize: MAX_SENT });

  constructor(
    private readonly registered: RegisteredDocuments,
    /** Whether nothing else than what is registered runs. */
    private readonly isTrustedOnly: boolean,
    private readonly maxTokens: number,
  ) {}

  /**
   * Undefined where a request neither holds nor names a document. Throws PERSISTED_QUERY_NOT_FOUND for a name that is
   * unknown, DOCUMENT_NOT_TRUSTED for a text that is not registered where it must be.
   */
  textOf(request: DocumentRequest): string | undefined {
    const name = documentName(request);
    const text = typeof request.query === 'string' && request.query !== '' ? request.query : undefined;
    if (name === undefined) return text === undefined ? undefined : this.#admitted(text);
    const known = this.registered.textOf(name) ?? this.#sent.get(name);
    if (text === undefined) {
      // Clients look for this very message, and then send the text as well.
      if (known === undefined) throw new RequestError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
      return known;
    }
    if (text === known) return text;
    if (hashOf(text) !== name) throw badInput('query', 'the text that has this SHA-256 hash', name);
    if (!this.isTrustedOnly && text.length <= MAX_LENGTH) this.#sent.set(name, text);
    return this.#admitted(text);
  }

  #admitted(text: string): string {
    if (!this.isTrustedOnly || this.registered.includes(text, this.maxTokens)) return text;
    throw new RequestError('DOCUMENT_NOT_TRUSTED', 'This hub runs registered documents only, and this is none of them');
  }
}
