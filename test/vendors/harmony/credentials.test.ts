import { safeParse } from 'valibot';
import { harmony } from '../../../lib/vendors/harmony';
import { HARMONY_CREDENTIALS, HUAWEI_SERVICE_ACCOUNT } from '../huawei/support';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(harmony.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

test('project, client and service account; of the last only what is needed is kept', () => {
  const file = { ...HUAWEI_SERVICE_ACCOUNT, token_uri: 'https://x', auth_uri: 'https://y' };

  for (const serviceAccount of [file, JSON.stringify(file)]) {
    const { output } = safeParse(harmony.credentials, { ...HARMONY_CREDENTIALS, serviceAccount });
    expect(output).toEqual(HARMONY_CREDENTIALS);
    expect(safeParse(harmony.credentials, output)).toMatchObject({ success: true });
  }
});

test.each([
  [{ ...HARMONY_CREDENTIALS, projectId: undefined }, ['projectId must be a string']],
  [{ projectId: '1', clientId: '2' }, ['serviceAccount is missing']],
  [
    { ...HARMONY_CREDENTIALS, clientSecret: 's3cr' },
    ['clientSecret is not a field of these credentials'],
  ],
  [
    { ...HARMONY_CREDENTIALS, projectId: '1/2' },
    ['projectId must have letters, digits, "-" and "_" only, and at least one'],
  ],
  [
    { ...HARMONY_CREDENTIALS, serviceAccount: { ...HUAWEI_SERVICE_ACCOUNT, private_key: 'MII' } },
    ['serviceAccount.private_key must be an RSA private key in PEM of at least 2048 bits'],
  ],
  [null, ['undefined must be an object']],
])('%# what is wrong is named, what was given is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual(expected);
  expect(problems(credentials).join()).not.toMatch(/s3cr|PRIVATE KEY|MII/);
});

test('settings that make messages marketing are warned of', () => {
  const warnings = harmony.warningsFor?.({
    classes: { im: {}, missed: { category: 'MISS_CALL' }, spoken: { category: 'PLAY_VOICE' } },
  });

  expect(warnings).toEqual([
    'classes.spoken has the category PLAY_VOICE: Huawei takes its messages for marketing, 2 a day for each phone',
  ]);
});
