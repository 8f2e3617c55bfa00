import { generateKeyPairSync } from 'node:crypto';
import { safeParse } from 'valibot';
import { fcm } from '../../../lib/vendors/fcm';
import { SERVICE_ACCOUNT } from '../support';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(fcm.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

test("Google's JSON is taken as an object or as text, and only what is needed is kept", () => {
  const given = { ...SERVICE_ACCOUNT, client_id: '1', auth_uri: 'https://accounts.google.com/' };

  for (const serviceAccount of [given, JSON.stringify(given)]) {
    expect(safeParse(fcm.credentials, { serviceAccount })).toMatchObject({
      success: true,
      output: { serviceAccount: SERVICE_ACCOUNT },
    });
  }
});

test('what was stored is taken again', () => {
  const stored = safeParse(fcm.credentials, { serviceAccount: JSON.stringify(SERVICE_ACCOUNT) });

  expect(safeParse(fcm.credentials, stored.output)).toMatchObject({ success: true });
});

const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

test.each([
  [{}, 'serviceAccount is missing'],
  [{ serviceAccount: SERVICE_ACCOUNT, apiKey: 'k' }, 'apiKey is not a field of these credentials'],
  [{ serviceAccount: 'not JSON' }, 'serviceAccount must be the JSON of a service account'],
  [{ serviceAccount: 7 }, 'serviceAccount must be the JSON of a service account'],
  [
    { serviceAccount: { ...SERVICE_ACCOUNT, type: 'authorized_user' } },
    'serviceAccount.type must be "service_account"',
  ],
  [
    { serviceAccount: { ...SERVICE_ACCOUNT, project_id: '../other' } },
    'serviceAccount.project_id must be a Google project id',
  ],
  [
    { serviceAccount: { ...SERVICE_ACCOUNT, private_key: SERVICE_ACCOUNT.private_key.slice(9) } },
    'serviceAccount.private_key must be an RSA private key in PEM',
  ],
  [
    { serviceAccount: { ...SERVICE_ACCOUNT, private_key: otherKey } },
    'serviceAccount.private_key must be an RSA private key in PEM',
  ],
  [
    { serviceAccount: { ...SERVICE_ACCOUNT, client_email: undefined } },
    'serviceAccount.client_email must be a string',
  ],
  [
    { serviceAccount: { ...SERVICE_ACCOUNT, token_uri: 'javascript:' } },
    'serviceAccount.token_uri must be a URL',
  ],
  ['text', 'undefined must be an object'],
])('%# what is wrong is named, the key is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual([expected]);
  expect(problems(credentials).join()).not.toMatch(/PRIVATE KEY|MII/);
});
