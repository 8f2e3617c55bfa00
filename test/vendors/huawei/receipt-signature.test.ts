import { createHmac } from 'node:crypto';
import { harmony } from '../../../lib/vendors/harmony';
import { huawei } from '../../../lib/vendors/huawei';

/** Vectors made by the documented rule: Base64(HMAC-SHA256(key, timestamp + nonce + user)). */
const HMS = {
  read: huawei.readReceipts,
  timestamp: '1760000000123',
  nonce: '5f0d3d8e-6a0b-4c57-9a51-0c6f5f3b7a11',
  check: { secret: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', user: 'receipt-user' },
  decoded: 'irwezkQd3YlC03RFxR+rXLoUXlLw0mP4LFLeUiYxM+c=',
  raw: 'i/gczx9T9vYrcp615v27f2j2QepGCgXkLP3Cyd8sjlM=',
};
const HARMONY = {
  read: harmony.readReceipts,
  timestamp: '1760000000000',
  nonce: '0f8b2c1e-5d47-4a39-9c02-7be1d4a6f935',
  check: { secret: 'xIoB9J/Q8sxAS8PLvIDpFFej1Bu0KaaVJD3kxheUFVw=', user: 'receiptUser' },
  decoded: 'Rb2gaCrKr6D19wZJJCdOR2GPnd4LfQshh4YZbUbk5nE=',
  raw: '/Z0khNorbBWWHUrWqUUCCLCcroMICHg9bJ5uNAwf5NQ=',
};

const BODY = '{"statuses":[{"token":"tokA","deliveryStatus":{"result":0}}]}';

describe.each([
  ['HMS', HMS],
  ['HarmonyOS', HARMONY],
])('a receipt of %s', (_name, { read, timestamp, nonce, check, decoded, raw }) => {
  const at = Number(timestamp);
  const header = (value: string, change = {}) => {
    const parts = { timestamp, nonce, value, ...change };
    return Object.entries(parts)
      .map(([name, part]) => `${name}=${part}`)
      .join('; ');
  };
  const receive = (signature: string | undefined, receivedAt = at, by = check) =>
    read?.({
      body: BODY,
      headers: { 'x-huawei-callback-id': signature },
      receivedAt,
      check: by,
    });
  const refused = expect.objectContaining({ status: 401 });

  test('is read when signed with the decoded secret, or with its text as old secrets are', () => {
    expect(receive(header(decoded))).toMatchObject([{ tokens: ['tokA'] }]);
    expect(receive(header(raw))).toMatchObject([{ tokens: ['tokA'] }]);
    expect(receive(`value=${decoded};nonce=${nonce};timestamp=${timestamp}`)).toHaveLength(1);
  });

  test('is not checked when the certificate says nothing of it', () => {
    const call = { body: BODY, headers: {}, receivedAt: at };

    expect(read?.(call)).toHaveLength(1);
  });

  test.each([
    undefined,
    '',
    'value',
    header(''),
    header(decoded.slice(1)),
    header(decoded.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))),
    header(decoded, { nonce: 'another' }),
    header(decoded, { timestamp: String(at + 1) }),
    header(decoded, { timestamp: undefined }),
    header(decoded).replace('nonce', 'none'),
  ])('is refused when signed with %p', (signature) => {
    expect(() => receive(signature)).toThrow(refused);
  });

  test('is refused when another user or another secret signed', () => {
    expect(() => receive(header(decoded), at, { ...check, user: 'x' })).toThrow(refused);
    expect(() => receive(header(decoded), at, { secret: check.secret, user: '' })).toThrow(refused);
    expect(() => receive(header(decoded), at, { ...check, secret: 'x' })).toThrow(refused);
  });

  test('is refused more than five minutes off', () => {
    expect(receive(header(decoded), at + 300_000)).toHaveLength(1);
    expect(receive(header(decoded), at - 300_000)).toHaveLength(1);
    expect(() => receive(header(decoded), at + 300_001)).toThrow(refused);
    expect(() => receive(header(decoded), at - 300_001)).toThrow(refused);
    // whatever is signed must be a time
    const value = createHmac('sha256', check.secret)
      .update(`soon${nonce}${check.user}`)
      .digest('base64');
    expect(() => receive(header(value, { timestamp: 'soon' }))).toThrow(refused);
  });

  test('is refused before its body is looked at', () => {
    expect(() => read?.({ body: 'no JSON', headers: {}, receivedAt: at, check })).toThrow(refused);
  });

  test.each(['!!!', '====', 'päss', 'not base64!'])(
    'a secret that is no Base64 (%s) is never decoded: anybody could sign with what is left of it',
    (secret) => {
      const sign = (key: Buffer) =>
        header(
          createHmac('sha256', key).update(`${timestamp}${nonce}${check.user}`).digest('base64'),
        );

      expect(() => receive(sign(Buffer.from(secret, 'base64')), at, { ...check, secret })).toThrow(
        refused,
      );
      expect(receive(sign(Buffer.from(secret)), at, { ...check, secret })).toHaveLength(1);
    },
  );
});
