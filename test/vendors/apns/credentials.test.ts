import { generateKeyPairSync } from 'node:crypto';
import { safeParse } from 'valibot';
import { apns } from '../../../lib/vendors/apns';
import { APNS_CREDENTIALS } from './support';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(apns.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

test("team, key, bundle id and Apple's key file are what it takes, and the environment", () => {
  for (const given of [
    APNS_CREDENTIALS,
    { ...APNS_CREDENTIALS, sandbox: true },
    { ...APNS_CREDENTIALS, topic: 'com.example.demo.voip', sandbox: false },
  ]) {
    expect(safeParse(apns.credentials, given)).toMatchObject({ success: true, output: given });
  }
});

const pemOf = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const NOT_P256 = ['privateKey must be an EC private key (P-256) in PEM'];

test.each([
  [{ teamId: 'DEF123GHIJ', keyId: 'ABC123DEFG' }, ['privateKey is missing', 'topic is missing']],
  [{ ...APNS_CREDENTIALS, password: 'p' }, ['password is not a field of these credentials']],
  [{ ...APNS_CREDENTIALS, teamId: 'short' }, ['teamId must be 10 capital letters and digits']],
  [{ ...APNS_CREDENTIALS, keyId: 1_234_567_890 }, ['keyId must be a string']],
  [{ ...APNS_CREDENTIALS, privateKey: pemOf('P-384') }, NOT_P256],
  [{ ...APNS_CREDENTIALS, privateKey: APNS_CREDENTIALS.privateKey.slice(9) }, NOT_P256],
  [{ ...APNS_CREDENTIALS, topic: 'com.example\r\nx' }, ['topic must be a bundle id']],
  [{ ...APNS_CREDENTIALS, sandbox: 'yes' }, ['sandbox must be true or false']],
  ['text', ['undefined must be an object']],
])('%# what is wrong is named, the key is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual(expected);
  expect(problems(credentials).join()).not.toMatch(/PRIVATE KEY|MI[GI]/);
});
