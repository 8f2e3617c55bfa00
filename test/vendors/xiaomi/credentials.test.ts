import { safeParse } from 'valibot';
import { xiaomi } from '../../../lib/vendors/xiaomi';
import { XIAOMI_CREDENTIALS } from '../support';

const SECRET = 'S3CRET-value';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(xiaomi.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

test('the three keys of the console are what it takes', () => {
  expect(safeParse(xiaomi.credentials, XIAOMI_CREDENTIALS)).toMatchObject({
    success: true,
    output: XIAOMI_CREDENTIALS,
  });
});

test.each([
  [{ appId: '1', appKey: '2' }, ['appSecret is missing']],
  [{ ...XIAOMI_CREDENTIALS, secret: SECRET }, ['secret is not a field of these credentials']],
  [{ ...XIAOMI_CREDENTIALS, appId: 2882303761517 }, ['appId must be a string']],
  [
    { ...XIAOMI_CREDENTIALS, appSecret: `${SECRET}\r\n` },
    ['appSecret must have printable ASCII characters only, and at least one'],
  ],
  [
    { ...XIAOMI_CREDENTIALS, appSecret: '' },
    ['appSecret must have printable ASCII characters only, and at least one'],
  ],
  [
    { ...XIAOMI_CREDENTIALS, appSecret: SECRET.repeat(99) },
    ['appSecret must have at most 128 characters'],
  ],
  [SECRET, ['undefined must be an object']],
  [null, ['undefined must be an object']],
])('%# what is wrong is named, what was given is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual(expected);
  expect(problems(credentials).join()).not.toContain(SECRET);
});
