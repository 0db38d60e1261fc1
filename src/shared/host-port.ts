/** A host, and a port of it or all. */
export interface HostPort {
  /** As a URL writes it: lower case, addresses in their usual form, without brackets. */
  host: string;
  /** Null: every port. */
  port: number | null;
}

const ENTRY = /^(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]\\]+)(?::(\*|\d{1,5}))?$/;

/** "erp.example", "10.0.0.7:8069", "127.0.0.1:*" or "[fd00::7]:443"; undefined for anything else. */
export function parseHostPort(text: string): HostPort | undefined {
  const [, name, portText = '*'] = ENTRY.exec(text) ?? [];
  if (name === undefined || !URL.canParse(`http://${name}/`)) return undefined;
  const port = portText === '*' ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65_535)) return undefined;
  return { host: hostOf(new URL(`http://${name}/`)), port };
}

/** The host of an address, without the brackets of IPv6 and the dot that ends a full name. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

export function hostPortText({ host, port }: HostPort): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port ?? '*'}`;
}
