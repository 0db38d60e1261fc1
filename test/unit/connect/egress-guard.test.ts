import { expect, test } from '@jest/globals';
import { ConnectorFailure, privateNetworkGuard } from '../../../src/connect/index.js';
import { parseHostPort } from '../../../src/shared/host-port.js';

const open = privateNetworkGuard();

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:a83f:8110',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001:db8::1',
  '2002:a00:1::1',
  '2001::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '4000::1',
  'nonsense',
])('calls nothing at %s', (address) => {
  expect(() => open.allow('shop.example', address, 443)).toThrow(ConnectorFailure);
  expect(() => open.allow('shop.example', address, 443)).toThrow(/^shop\.example:443 is in a network/);
});

test.each([
  '8.8.8.8',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
])('calls what is at %s', (address) => {
  expect(() => open.allow('shop.example', address, 443)).not.toThrow();
});

test('calls in a private network what an administrator allows, by the name that was allowed', () => {
  const guard = privateNetworkGuard([parseHostPort('erp.internal:8069')!, parseHostPort('10.0.0.7')!]);
  expect(() => guard.allow('erp.internal', '10.0.0.5', 8069)).not.toThrow();
  expect(() => guard.allow('10.0.0.7', '10.0.0.7', 1)).not.toThrow();
  expect(() => guard.allow('erp.internal', '10.0.0.5', 22)).toThrow();
  expect(() => guard.allow('other.example', '10.0.0.5', 8069)).toThrow();
  expect(() => guard.allow('other.example', '10.0.0.7', 80)).toThrow();
});

test('permits what is allowed later', () => {
  const guard = privateNetworkGuard();
  guard.permit({ host: '127.0.0.1', port: 4010 });
  expect(() => guard.allow('127.0.0.1', '127.0.0.1', 4010)).not.toThrow();
  expect(() => guard.allow('127.0.0.1', '127.0.0.1', 4011)).toThrow();
});

test.each([
  ['http://10.0.0.1', 'private'],
  ['http://167772161', 'private'],
  ['http://012.0.0.1', 'private'],
  ['http://0x7f.1', 'loopback'],
  ['http://localhost:4000', 'loopback'],
  ['http://x.localhost.', 'loopback'],
  ['https://[fd00::1]/api', 'uniqueLocal'],
])('tells of %s before it is called that it is %s', (url, network) => {
  expect(open.obstacle(url)).toContain(`(${network})`);
});

test('has nothing against a name before it is looked up', () => {
  expect(open.obstacle('https://shop.example/api')).toBeNull();
  expect(privateNetworkGuard([{ host: '10.0.0.1', port: 80 }]).obstacle('http://10.0.0.1/api')).toBeNull();
});

test.each(['', 'a b', 'http://x', 'x:0', 'x:65536', 'x:', '10.0.0.0/8', 'user@x', '[::1', '999.1.1.1'])(
  'takes %j for no host',
  (text) => expect(parseHostPort(text)).toBeUndefined(),
);
