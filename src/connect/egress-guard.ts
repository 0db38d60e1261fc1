import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { hostOf, portOf, type HostPort } from '../shared/host-port.js';
import { rejected } from './failures.js';
import type { EgressGuard } from './http-ports.js';

export interface PrivateNetworkGuard extends EgressGuard {
  /** Why an address cannot be right, as far as it tells without being looked up; null where it may be. */
  obstacle(url: string): string | null;
  /** From now on this host may be reached, wherever it is. */
  permit(allowed: HostPort): void;
}

/** Public by its number, and yet the host's own: where Azure tells a machine its secrets. */
const METADATA = new Set(['168.63.129.16']);
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Keeps the hub's calls out of networks that are not the internet, except to hosts that an administrator allows. An
 * allowance is for the host as it is written: a name that leads to an allowed address needs its own.
 */
export function privateNetworkGuard(allowances: readonly HostPort[] = []): PrivateNetworkGuard {
  const allowed = [...allowances];
  const isAllowed = (host: string, port: number) =>
    allowed.some((one) => one.host === host && (one.port === null || one.port === port));
  return {
    allow(host, address, port) {
      const network = networkOf(address);
      if (network === null || isAllowed(host, port)) return;
      throw rejected(`${host}:${port} is in a network that the hub does not call (${network}): ${ADVICE}`);
    },
    obstacle(url) {
      const parsed = new URL(url);
      const host = hostOf(parsed);
      if (isAllowed(host, portOf(parsed))) return null;
      const network = isIP(host) > 0 ? networkOf(host) : /(^|\.)localhost$/.test(host) ? 'loopback' : null;
      return network === null ? null : `"${host}" is in a network that the hub does not call (${network}): ${ADVICE}`;
    },
    permit: (one) => void allowed.push(one),
  };
}

const ADVICE = 'an administrator can allow the host in HUB_EGRESS_ALLOW';

/** The name of the network an address is of; null for the internet. */
function networkOf(address: string): string | null {
  if (METADATA.has(address)) return 'metadata';
  if (!ipaddr.isValid(address)) return 'unknown';
  // An IPv4 address in IPv6's clothes is what it is.
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (parsed instanceof ipaddr.IPv4 || range !== 'unicast') {
    if (METADATA.has(parsed.toString())) return 'metadata';
    return range === 'unicast' ? null : range;
  }
  // What nobody has been given yet.
  return parsed.match(GLOBAL_UNICAST) ? null : 'reserved';
}
