import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ConnectorFailure,
  httpClient,
  privateNetworkGuard,
  type CallReport,
  type HttpClientParts,
  type OutgoingRequest,
  type Outcome,
} from '../../src/connect/index.js';
import { json, loopback, type Answering, type Loopback } from './loopback.js';

const SECRET = 'an-api-key/with+signs "and" more';
const TOKEN = { accessToken: 'access-token-1', expiresAt: null, refreshToken: 'refresh-token-1' };
const ENDLESS = 1_000_000;
/** For answers that never come: everything else has its time. */
const SOON = { timeoutMs: 200 };
const BOMB = gzipSync(Buffer.alloc(8_000_000, 32));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function serve(answering: Answering, host?: string, port?: number): Promise<Loopback> {
  const server = await loopback(answering, host, port);
  cleanups.push(server.close);
  return server;
}

type Definition = HttpClientParts['definition'];
function clientOf(
  baseUrl: string,
  more: Partial<Omit<HttpClientParts, 'definition'>> & { definition?: Partial<Definition> } = {},
) {
  const outcomes: Outcome[] = [];
  const reports: CallReport[] = [];
  let open = 0;
  const parts: HttpClientParts = {
    settings: {},
    credentials: { apiKey: SECRET },
    now: () => new Date(0),
    pacer: {
      admit: () => {
        open += 1;
        const done = (outcome: Outcome) => {
          open -= 1;
          outcomes.push(outcome);
        };
        return Promise.resolve({ done });
      },
    },
    tokens: { current: (get) => get(null) },
    guard: { allow: () => {} },
    report: (call) => reports.push(call),
    ...more,
    definition: {
      baseUrl: () => baseUrl,
      headers: () => ({ authorization: `Bearer ${SECRET}` }),
      limits: { default: { burst: 1, perSecond: 1 } },
      ...more.definition,
    },
    limits: { maxBytes: 64 * 1024, ...more.limits },
  };
  const client = httpClient(parts);
  cleanups.push(client.close);
  return { ...client, outcomes, reports, underway: () => open };
}

const get = (more: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  operation: 'getThing',
  method: 'GET',
  path: '/thing',
  ...more,
});

async function failureOf(work: Promise<unknown>): Promise<ConnectorFailure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConnectorFailure);
  return error as ConnectorFailure;
}

async function linesFrom(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** Every way in which an error may end up in a log. */
function shown(error: unknown): string {
  return inspect(error, { depth: 12, showHidden: true }) + JSON.stringify(error) + String((error as Error).stack);
}

describe('an answer', () => {
  test.each<[string, Answering, boolean]>([
    ['a page for people', (_, res) => void res.end('<html>soon back</html>'), true],
    ['one that holds a secret', (_, res) => void res.end(SECRET), true],
    ['one beyond the cap', (_, res) => void res.end(`"${'x'.repeat(70_000)}"`), true],
    ['a redirect without an address', (_, res) => void res.writeHead(302).end(), false],
    ['a refusal', (_, res) => void res.writeHead(400).end('<html>'), false],
  ])('that is %s is none or one', async (_, answering, isNoAnswer) => {
    const server = await serve(answering);
    expect((await failureOf(clientOf(server.url).send(get()))).isNoAnswer).toBe(isNoAnswer);
  });

  test.each<[string, Answering, string]>([
    ['a page for people with status 200', (_, res) => void res.end('<html>soon back</html>'), 'unexpected_shape'],
    ['a redirect without an address', (_, res) => void res.writeHead(302).end(), 'unexpected_shape'],
    ['401', (_, res) => json(res, {}, 401), 'unauthorized'],
    ['429', (_, res) => json(res, {}, 429), 'throttled'],
    ['503 with Retry-After', (_, res) => json(res, {}, 503, { 'retry-after': '7' }), 'throttled'],
    ['503', (_, res) => json(res, {}, 503), 'transient'],
    ['404', (_, res) => json(res, {}, 404), 'rejected'],
    [
      'half of one',
      (_, res) => void (res.writeHead(200, { 'content-length': '99' }).write('{'), res.destroy()),
      'transient',
    ],
    ['none', () => {}, 'transient'],
    ['one drop by drop', (_, res) => drip(res), 'transient'],
    ['a head drop by drop', (_, res) => dripHead(res), 'transient'],
    ['one beyond the cap', (_, res) => void res.end(`"${'x'.repeat(70_000)}"`), 'unexpected_shape'],
    [
      'one that unpacks beyond the cap',
      (_, res) => void res.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
      'unexpected_shape',
    ],
    [
      'one that is no gzip',
      (_, res) => void res.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'),
      'transient',
    ],
  ])('%s is a failure with its kind, told to the pacer and the log once', async (_, answering, kind) => {
    const limits = kind === 'transient' ? SOON : {};
    const client = clientOf((await serve(answering)).url, { limits });
    const failure = await failureOf(client.send(get({ method: 'POST', json: {} })));
    expect(failure).toMatchObject({ kind });
    expect(failure.message).toMatch(/^getThing: /);
    expect(client.outcomes).toEqual([{ kind: 'failed', failure: expect.objectContaining({ kind }) }]);
    expect(client.reports).toMatchObject([{ operation: 'getThing', method: 'POST', failure: { kind } }]);
    expect(client.underway()).toBe(0);
  });

  test('tells how long the system wants to be left alone', async () => {
    const { url } = await serve((_, res) => json(res, {}, 429, { 'retry-after': '2.5' }));
    expect(await failureOf(clientOf(url).send(get()))).toMatchObject({ kind: 'throttled', retryAfterMs: 2_500 });
  });

  test('has its numbers as their text; an empty one is null', async () => {
    const { url } = await serve((req, res) =>
      req.url === '/thing' ? void res.end('{"id":90071992547409931,"price":1.10}') : void res.writeHead(204).end(),
    );
    const client = clientOf(url);
    expect((await client.send(get())).body).toEqual({ id: '90071992547409931', price: '1.10' });
    expect(await client.send(get({ path: '/none' }))).toMatchObject({ status: 204, body: null });
    expect(client.outcomes).toEqual(Array(2).fill({ kind: 'answered', allowance: null }));
  });

  test('does not come over a connection that broke: what may be sent twice is, once more', async () => {
    const answering: Answering = (_, res, number) => {
      if (number % 2 === 1) res.socket!.resetAndDestroy();
      else json(res, { number });
    };
    const server = await serve(answering);
    const client = clientOf(server.url);
    expect((await client.send(get())).body).toEqual({ number: '2' });
    expect((await failureOf(client.send(get({ method: 'POST', json: {} })))).kind).toBe('transient');
    expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
    expect(client.outcomes.map(({ kind }) => kind)).toEqual(['failed', 'answered', 'failed']);
  });

  test('is asked for over a connection that is kept', async () => {
    const server = await serve((_, res) => json(res, {}));
    const client = clientOf(server.url);
    for (let at = 0; at < 3; at += 1) await client.send(get());
    expect([server.seen.length, server.connections]).toEqual([3, 1]);
  });
});

describe('a network of one’s own', () => {
  const guard = privateNetworkGuard();
  test.each([
    '127.0.0.1',
    '2130706433',
    '0177.0.0.1',
    '0x7f.1',
    '127.1',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
  ])('is not called as %s', async (host) => {
    const server = await serve((_, res) => json(res, {}), '0.0.0.0');
    const client = clientOf(`http://${host}:${server.port}`, { guard });
    expect(await failureOf(client.send(get()))).toMatchObject({ kind: 'rejected' });
    expect((await failureOf(linesFrom(client.lines(get())))).message).toContain('is in a network');
    expect([server.connections, client.underway()]).toEqual([0, 0]);
  });

  test('is called where it is allowed, at that port alone', async () => {
    const [allowed, other] = [await serve((_, res) => json(res, {})), await serve((_, res) => json(res, {}))];
    const narrow = privateNetworkGuard([{ host: '127.0.0.1', port: allowed.port }]);
    expect((await clientOf(allowed.url, { guard: narrow }).send(get())).status).toBe(200);
    expect((await failureOf(clientOf(other.url, { guard: narrow }).send(get()))).kind).toBe('rejected');
    expect(other.connections).toBe(0);
  });

  test('is not reached by a name that leads elsewhere a moment after it was asked about', async () => {
    const good = await serve((_, res) => json(res, { at: 'good' }), '127.0.0.1');
    const bad = await serve((_, res) => json(res, { at: 'bad' }), '127.0.0.2', good.port);
    const leads = ['127.0.0.1', '127.0.0.2'];
    const asked: string[] = [];
    const parts: Partial<HttpClientParts> = {
      resolve: (_, options, callback) => callback(null, [{ address: leads.shift() ?? '127.0.0.2', family: 4 }]),
      guard: {
        allow: (host, address, port) => {
          asked.push(`${host} ${address} ${port}`);
          if (address !== '127.0.0.1') throw new ConnectorFailure('rejected', `${host}: not there`);
        },
      },
    };
    const client = clientOf(`http://shop.example:${good.port}`, parts);
    expect((await client.send(get())).body).toEqual({ at: 'good' });
    // A connection that is kept stays where it is; a new one is asked about anew.
    expect((await client.send(get())).body).toEqual({ at: 'good' });
    expect(asked).toEqual([`shop.example 127.0.0.1 ${good.port}`]);
    client.close();
    expect((await failureOf(client.send(get()))).message).toBe('shop.example: not there');
    expect([good.connections, bad.connections]).toEqual([1, 0]);
  });

  test('is not reached where one of several addresses is in it', async () => {
    const server = await serve((_, res) => json(res, {}));
    const addresses = ['8.8.8.8', '127.0.0.1'].map((address) => ({ address, family: 4 }));
    const resolve: HttpClientParts['resolve'] = (_, options, callback) => callback(null, addresses);
    const client = clientOf(`http://shop.example:${server.port}`, { guard, resolve });
    expect((await failureOf(client.send(get()))).message).toContain('is in a network');
    expect(server.connections).toBe(0);
  });
});

describe('a redirect', () => {
  const to =
    (location: string, status = 302): Answering =>
    (_, res) =>
      void res.writeHead(status, { location }).end();

  test('is followed by a GET, to the same origin with what shows who asks', async () => {
    const server = await serve((req, res) =>
      req.url === '/thing' ? to('/moved')(req, res, 0) : json(res, { at: req.url }),
    );
    expect((await clientOf(server.url).send(get({ headers: { 'x-own': '1' } }))).body).toEqual({ at: '/moved' });
    expect(server.seen.map(({ headers }) => [headers.authorization, headers['x-own']])).toEqual(
      Array(2).fill([`Bearer ${SECRET}`, '1']),
    );
  });

  test('leads elsewhere without anything that shows who asks', async () => {
    const other = await serve((_, res) => json(res, { at: 'other' }));
    const server = await serve((req, res) => to(`${other.url}/file?signature=x`)(req, res, 0));
    expect((await clientOf(server.url).send(get({ headers: { 'x-own': '1' } }))).body).toEqual({ at: 'other' });
    expect(other.seen[0]!.headers).not.toHaveProperty('authorization');
    expect(other.seen[0]!.headers).not.toHaveProperty('x-own');
    expect(await linesFrom(clientOf(server.url).lines(get()))).toEqual(['{"at":"other"}']);
    expect(other.seen[1]!.headers).not.toHaveProperty('authorization');
  });

  test.each([
    'http://127.0.0.2:PORT/',
    'http://2130706434:PORT/',
    'http://localhost:PORT/',
    'http://[::ffff:127.0.0.2]:PORT/',
  ])('to %s is asked about like any other address', async (location) => {
    const other = await serve((_, res) => json(res, {}), '0.0.0.0');
    const server = await serve((req, res) => to(location.replace('PORT', String(other.port)))(req, res, 0));
    const guard = privateNetworkGuard([{ host: '127.0.0.1', port: server.port }]);
    expect((await failureOf(clientOf(server.url, { guard }).send(get()))).message).toContain('is in a network');
    expect(other.connections).toBe(0);
  });

  test.each(['file:///etc/passwd', 'data:application/json,{}', 'ftp://x/', 'http://user:pw@127.0.0.1/', 'http://'])(
    'to %s leads nowhere',
    async (location) => {
      const server = await serve(to(location));
      expect((await failureOf(clientOf(server.url).send(get()))).kind).toBe('rejected');
      expect((await failureOf(clientOf(server.url).send(get({ path: undefined, url: location })))).kind).toBe(
        'rejected',
      );
    },
  );

  test('of anything but a GET, and one too many, is not followed', async () => {
    const server = await serve(to('/thing', 307));
    const client = clientOf(server.url);
    expect((await failureOf(client.send(get({ method: 'POST', json: {} })))).message).toMatch(/^getThing: got 307/);
    expect(server.seen).toHaveLength(1);
    expect((await failureOf(client.send(get()))).message).toBe('getThing: more than 3 redirects');
    expect(server.seen).toHaveLength(5);
  });
});

describe('a secret', () => {
  const echo: Answering = (req, res) =>
    json(res, { error: `bad key ${req.headers.authorization} in ${req.url} ${req.body}` }, 400);
  const forms = [
    SECRET,
    encodeURIComponent(SECRET),
    JSON.stringify(SECRET).slice(1, -1),
    'access-token-1',
    'refresh-token-1',
  ];

  test.each<[string, Answering | null]>([
    ['nobody answers', null],
    ['the answer never comes', () => {}],
    ['the connection breaks', (_, res) => void res.socket!.resetAndDestroy()],
    ['the answer is too large', (_, res) => void res.end('x'.repeat(70_000))],
    ['the answer is no JSON', (_, res) => void res.end('<html>')],
    ['the system says it back', echo],
    [
      'the system says it back with a redirect',
      (req, res) => void res.writeHead(302, { location: `ftp://${req.headers.authorization}` }).end(),
    ],
  ])('stands in no failure, report or outcome where %s', async (_, answering) => {
    const server = await serve(answering ?? (() => {}));
    if (!answering) await server.close();
    const client = clientOf(server.url, {
      limits: SOON,
      tokens: { current: () => Promise.resolve(TOKEN) },
      definition: {
        token: () => Promise.resolve(TOKEN),
        headers: ({ token }) => ({ authorization: `${token!.accessToken} ${encodeURIComponent(SECRET)}` }),
      },
    });
    const request = get({ method: 'POST', query: { key: SECRET }, form: { refresh: 'refresh-token-1', key: SECRET } });
    const failures = [await failureOf(client.send(request))];
    // A file may hold what it likes.
    await linesFrom(client.lines(request)).catch((failure: ConnectorFailure) => failures.push(failure));
    for (const form of forms) {
      for (const failure of failures) expect(shown(failure)).not.toContain(form);
      expect(shown([client.reports, client.outcomes])).not.toContain(form);
    }
  });

  test('does not stand in a failure of getting a token', async () => {
    const server = await serve(echo);
    const client = clientOf(server.url, {
      tokens: { current: (fetchToken) => fetchToken(TOKEN) },
      definition: {
        token: async (http, { token }) => {
          await http.send({
            operation: 'refresh',
            method: 'POST',
            path: '/token',
            form: { refresh: token!.refreshToken!, key: SECRET },
          });
          return TOKEN;
        },
      },
    });
    const failure = await failureOf(client.send(get()));
    expect(failure.message).toMatch(/^refresh: got 400: .*bad key/);
    for (const form of forms) expect(shown(failure)).not.toContain(form);
  });

  test('goes to the system’s own origin alone', async () => {
    const [server, other] = [await serve((_, res) => json(res, {})), await serve((_, res) => json(res, {}))];
    const client = clientOf(server.url);
    await client.send(get({ path: undefined, url: `${other.url}/file` }));
    await client.send(get({ path: undefined, url: `${server.url}/next`, isTheirs: true }));
    expect(other.seen[0]!.headers).not.toHaveProperty('authorization');
    expect(server.seen[0]!.headers.authorization).toBe(`Bearer ${SECRET}`);
    for (const request of [
      get({ path: undefined, url: `${other.url}/next`, isTheirs: true }),
      get({ path: `@127.0.0.1:${other.port}/` }),
    ]) {
      expect((await failureOf(client.send(request))).kind).toBe('rejected');
    }
    expect(other.seen).toHaveLength(1);
  });
});

describe('a token that is refused', () => {
  test('is renewed once, for files too', async () => {
    const server = await serve((req, res) =>
      req.headers.authorization === 'new' ? void res.end('1\r\n2\n3') : json(res, {}, 401),
    );
    const tokens: HttpClientParts['tokens'] = {
      current: (_, refused) => Promise.resolve({ accessToken: refused ? 'new' : 'old', expiresAt: null }),
    };
    const definition = {
      token: () => Promise.resolve(TOKEN),
      headers: ({ token }: { token: { accessToken: string } | null }) => ({ authorization: token!.accessToken }),
    };
    const client = clientOf(server.url, { tokens, definition });
    expect(await linesFrom(client.lines(get()))).toEqual(['1', '2', '3']);
    expect(client.outcomes.map(({ kind }) => kind)).toEqual(['failed', 'answered']);
  });
});

describe('a file', () => {
  test('comes line by line, and the reader may have had enough', async () => {
    const server = await serve((_, res) => drip(res, 'one\ntwo\n'));
    const client = clientOf(server.url);
    for await (const line of client.lines(get())) {
      expect([line, client.underway()]).toEqual(['one', 1]);
      break;
    }
    expect([client.outcomes, client.underway()]).toEqual([[{ kind: 'answered', allowance: null }], 0]);
  });

  test.each<[string, Answering, string]>([
    ['stops coming', (_, res) => void res.write('one\n'), 'transient'],
    ['breaks off', (_, res) => void res.write('one\n', () => res.destroy()), 'transient'],
    ['has no end of a line', (_, res) => void res.end(`one\n${'x'.repeat(200_000)}`), 'unexpected_shape'],
    ['is not there', (_, res) => json(res, {}, 404), 'rejected'],
    ['may be had later', (_, res) => json(res, {}, 429, { 'retry-after': '9' }), 'throttled'],
    ['never begins', () => {}, 'transient'],
  ])('that %s ends in a failure', async (_, answering, kind) => {
    const limits = kind === 'transient' ? SOON : {};
    const client = clientOf((await serve(answering)).url, { limits });
    expect(await failureOf(linesFrom(client.lines(get())))).toMatchObject({ kind });
    expect([client.outcomes.length, client.reports.length, client.underway()]).toEqual([1, 1, 0]);
  });

  test('is cut off at its cap, unpacked', async () => {
    const bomb = gzipSync(Buffer.from('x\n'.repeat(500_000)));
    const server = await serve((_, res) => void res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const client = clientOf(server.url, { limits: { maxFileBytes: 100_000 } });
    expect((await failureOf(linesFrom(client.lines(get())))).kind).toBe('unexpected_shape');
  });
});

/** Never comes to its end, and never stays away long. */
function drip(res: Parameters<Answering>[1], text = ''): void {
  if (text) res.write(text);
  const dripping = setInterval(() => res.write(' '), 20);
  res.on('close', () => clearInterval(dripping));
}

function dripHead(res: Parameters<Answering>[1]): void {
  const socket = res.socket!;
  socket.write('HTTP/1.1 200 OK\r\n');
  let sent = 0;
  const dripping = setInterval(() => (sent += 1) < ENDLESS && socket.write(`x-${sent}: 1\r\n`), 20);
  socket.on('close', () => clearInterval(dripping));
}
