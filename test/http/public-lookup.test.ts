import type { LookupAddress, LookupOptions } from 'node:dns';
import fc from 'fast-check';
import { isPublicAddress, publicLookup } from '../../lib/http/public-lookup';

test.each([
  '10.0.0.0',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '100.64.0.1',
  '100.127.255.255',
  '0.0.0.0',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  'fc00::1',
  'fdff:ffff::1',
  'fe80::1',
  'febf::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '::ffff:8.8.8.8',
  '3fff::1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::1',
  '2002:a00:1::',
  '2001:db8::1',
  '',
  'localhost',
  'example.com',
  '1.2.3.4.5',
])('%j is not an address of the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '2606:4700::1111',
  '2400:3200::1',
])('%s is one', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test('no address of a private network is public, however it is written', () => {
  const byte = fc.nat(255);
  const prefix = fc.constantFrom([10], [127], [192, 168], [169, 254], [172, 16], [100, 64], [0]);
  fc.assert(
    fc.property(prefix, fc.tuple(byte, byte, byte), (begin, rest) => {
      const address = [...begin, ...rest].slice(0, 4).join('.');

      expect(isPublicAddress(address)).toBe(false);
      expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
    }),
  );
});

/** What a connection is told about a host. */
function lookUp(host: string, options: LookupOptions = {}) {
  return new Promise<{ code: string | undefined; found: string | LookupAddress[] }>((resolve) => {
    publicLookup(host, options, (error, found) => resolve({ code: error?.code, found }));
  });
}

test.each([
  ['localhost', {}],
  ['localhost', { all: true }],
  ['127.0.0.1', {}],
  ['::1', { all: true }],
] as const)('a look-up of %s %j fails, since it leads to this machine', async (host, options) => {
  expect(await lookUp(host, options)).toEqual({ code: 'EPRIVATE', found: [] });
});

test('a public address comes back as it is, alone or in a list', async () => {
  expect(await lookUp('8.8.8.8')).toEqual({ code: undefined, found: '8.8.8.8' });
  expect(await lookUp('8.8.8.8', { all: true })).toEqual({
    code: undefined,
    found: [{ address: '8.8.8.8', family: 4 }],
  });
});

test('a host that is not found is told so', async () => {
  expect((await lookUp('host.invalid')).code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
});
