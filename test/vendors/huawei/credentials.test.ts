import { generateKeyPairSync } from 'node:crypto';
import { safeParse } from 'valibot';
import { huawei } from '../../../lib/vendors/huawei';
import { HUAWEI_CREDENTIALS, HUAWEI_SERVICE_ACCOUNT } from './support';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(huawei.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

const { clientSecret, ...IDS } = HUAWEI_CREDENTIALS;
const ONE_OF_TWO = 'clientSecret must be there, unless serviceAccount is: one of the two';

test('an OAuth client, or a service account as an object or as text; of it only what is needed is kept', () => {
  const file = { ...HUAWEI_SERVICE_ACCOUNT, token_uri: 'https://x', auth_uri: 'https://y' };

  for (const given of [
    HUAWEI_CREDENTIALS,
    { ...HUAWEI_CREDENTIALS, projectId: '388421841221000001' },
  ]) {
    expect(safeParse(huawei.credentials, given)).toMatchObject({ success: true, output: given });
  }
  for (const serviceAccount of [file, JSON.stringify(file)]) {
    const { output } = safeParse(huawei.credentials, { ...IDS, serviceAccount });
    expect(output).toEqual({ ...IDS, serviceAccount: HUAWEI_SERVICE_ACCOUNT });
    expect(safeParse(huawei.credentials, output)).toMatchObject({ success: true });
  }
});

const pemOf = (pair: ReturnType<typeof generateKeyPairSync>) =>
  pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const SHORT_KEY = pemOf(generateKeyPairSync('rsa', { modulusLength: 1_024 }));
const OTHER_KEY = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const NO_KEY = 'serviceAccount.private_key must be an RSA private key in PEM of at least 2048 bits';
const withAccount = (change: object) => ({
  ...IDS,
  serviceAccount: { ...HUAWEI_SERVICE_ACCOUNT, ...change },
});

test.each([
  [{ appId: '1', clientSecret }, ['clientId is missing']],
  [IDS, [ONE_OF_TWO]],
  [{ ...HUAWEI_CREDENTIALS, serviceAccount: HUAWEI_SERVICE_ACCOUNT }, [ONE_OF_TWO]],
  [{ ...HUAWEI_CREDENTIALS, secret: 'x' }, ['secret is not a field of these credentials']],
  [{ ...HUAWEI_CREDENTIALS, appId: 100200300 }, ['appId must be a string']],
  [
    { ...HUAWEI_CREDENTIALS, clientId: '../1' },
    ['clientId must have letters, digits, "-" and "_" only, and at least one'],
  ],
  [
    { ...HUAWEI_CREDENTIALS, clientSecret: 's3cr\r\n' },
    ['clientSecret must have printable ASCII characters only, and at least one'],
  ],
  [{ ...IDS, serviceAccount: 'no JSON' }, ['serviceAccount must be the JSON of a service account']],
  [withAccount({ key_id: undefined }), ['serviceAccount.key_id must be a string']],
  [withAccount({ sub_account: '' }), ['serviceAccount.sub_account must not be empty']],
  [withAccount({ private_key: 'MII' }), [NO_KEY]],
  [withAccount({ private_key: SHORT_KEY }), [NO_KEY]],
  [withAccount({ private_key: OTHER_KEY }), [NO_KEY]],
  ['text', ['undefined must be an object']],
])('%# what is wrong is named, what was given is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual(expected);
  expect(problems(credentials).join()).not.toMatch(/s3cr|PRIVATE KEY|MII/);
});

test('settings that make messages marketing are warned of, one sentence for each class', () => {
  const warnings = (classes: Parameters<NonNullable<typeof huawei.warningsFor>>[0]['classes']) =>
    huawei.warningsFor?.(classes === undefined ? {} : { classes });

  expect(warnings(undefined)).toEqual([]);
  expect(warnings({ im: {}, call: { category: 'VOIP' }, due: { category: 'WORK' } })).toEqual([]);
  expect(warnings({ im: {}, news: { instantMessaging: false }, x: { category: 'CHAT' } })).toEqual([
    'classes.news has the category MARKETING: Huawei takes its messages for marketing, 2 a day for each phone',
    'classes.x has the category CHAT: Huawei takes its messages for marketing, 2 a day for each phone',
  ]);
});
