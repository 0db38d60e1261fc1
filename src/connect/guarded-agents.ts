import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { hostOf, portOf } from '../shared/host-port.js';
import type { EgressGuard } from './http-ports.js';

const OPTIONS: AgentOptions = { keepAlive: true, maxSockets: 16 };

/**
 * Connections that ask the guard about every address a name leads to, and connect to one of those they asked about: a
 * name that leads elsewhere a moment later gains nothing. A connection that is kept stays at its address.
 */
export function guardedAgents(guard: EgressGuard, resolve: Resolve = lookup): Agents {
  const lookupFor = (port: number) => guardedLookup(guard, port, resolve);
  return { httpAgent: new GuardedHttpAgent(lookupFor), httpsAgent: new GuardedHttpsAgent(lookupFor) };
}

export interface Agents {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
}
/** All addresses of a name, as `dns.lookup` gives them. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;
type LookupFor = (port: number) => LookupFunction;

/** An address in place of a name is never looked up: it is to be asked about here, before the call. */
export function checkLiteral(guard: EgressGuard, url: URL): void {
  const host = hostOf(url);
  if (isIP(host) > 0) guard.allow(host, host, portOf(url));
}

class GuardedHttpAgent extends HttpAgent {
  constructor(private readonly lookupFor: LookupFor) {
    super(OPTIONS);
  }
  override createConnection(...[options, callback]: Parameters<HttpAgent['createConnection']>) {
    return super.createConnection({ ...options, lookup: this.lookupFor(Number(options.port)) }, callback);
  }
}

class GuardedHttpsAgent extends HttpsAgent {
  constructor(private readonly lookupFor: LookupFor) {
    super(OPTIONS);
  }
  override createConnection(...[options, callback]: Parameters<HttpsAgent['createConnection']>) {
    return super.createConnection({ ...options, lookup: this.lookupFor(Number(options.port)) }, callback);
  }
}

function guardedLookup(guard: EgressGuard, port: number, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      try {
        for (const { address } of addresses) guard.allow(hostname.replace(/\.$/, ''), address, port);
      } catch (refusal) {
        return callback(refusal as NodeJS.ErrnoException, '', 0);
      }
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
