import fc from 'fast-check';
import { isPublicAddress } from '../../lib/http/public-lookup';

test.each(['8.8.8.8', '1.1.1.1', '223.5.5.5', '2400:3200::1', '2606:4700:4700::1111'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a00:1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '2001::1',
  '2001:db8::1',
  '2002:a00:1::1',
  'localhost',
  '',
  '10',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test('no address within a private network is public', () => {
  const byte = fc.integer({ min: 0, max: 255 });

  fc.assert(
    fc.property(byte, byte, byte, (a, b, c) => {
      expect(isPublicAddress(`10.${a}.${b}.${c}`)).toBe(false);
      expect(isPublicAddress(`192.168.${b}.${c}`)).toBe(false);
      expect(isPublicAddress(`169.254.${b}.${c}`)).toBe(false);
      expect(isPublicAddress(`172.${16 + (a % 16)}.${b}.${c}`)).toBe(false);
    }),
  );
});
