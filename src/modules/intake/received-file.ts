import { createHash } from 'node:crypto';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BodyError } from '../../graph/http.js';
import { refuse } from '../../shared/failures.js';

/** At a time; and as much of a file as says what parts its fields. */
const CHUNK_BYTES = 65_536;

/**
 * A body that was received whole, on disk rather than in memory: it may be read as often as needed. It has no name there, so
 * that nothing is left of it when the process ends, however that comes about.
 */
export class ReceivedFile {
  private constructor(
    private readonly handle: FileHandle,
    readonly sha256: string,
  ) {}

  /** Throws a BodyError where it is larger than allowed or the client goes away, and a Refusal where it is no text. */
  static async receive(req: IncomingMessage, mostBytes: number): Promise<ReceivedFile> {
    const declared = Number(req.headers['content-length'] ?? 0);
    if (declared > mostBytes) throw new BodyError(413, `body: at most ${mostBytes} bytes, ${declared} announced`);
    const handle = await openNameless();
    try {
      return new ReceivedFile(handle, await keep(req, handle, mostBytes));
    } catch (error) {
      await handle.close();
      if ((error as { code?: string }).code === 'ECONNRESET') throw new BodyError(400, 'body: the client went away');
      throw error;
    }
  }

  async head(): Promise<string> {
    const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  }

  /** Not by a stream of the handle's own, which closes it when it ends. */
  read(start: number): Readable {
    return Readable.from(this.#chunks(start));
  }

  async *#chunks(start: number): AsyncGenerator<Buffer> {
    for (let at = start; ;) {
      const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-import-'));
  try {
    return await open(join(folder, 'body'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Answers the hash of what was kept. */
async function keep(req: IncomingMessage, handle: FileHandle, mostBytes: number): Promise<string> {
  const hash = createHash('sha256');
  const text = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  // Whoever sends too much is told so, over the connection that it sends on.
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new BodyError(413, `body: at most ${mostBytes} bytes`);
    if (!isText(text, chunk)) throw refuse('INVALID', 'csv: it is no text in UTF-8', ['csv']);
    hash.update(chunk);
    await handle.writeFile(chunk);
  }
  if (!isText(text)) throw refuse('INVALID', 'csv: it is no text in UTF-8', ['csv']);
  return hash.digest('base64');
}

/** Without a chunk: whether it ends with a whole character. */
function isText(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    return !decoder.decode(chunk, { stream: chunk !== undefined }).includes('\0');
  } catch {
    return false;
  }
}
