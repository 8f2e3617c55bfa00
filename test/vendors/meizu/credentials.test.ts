import { safeParse } from 'valibot';
import { meizu } from '../../../lib/vendors/meizu';
import { MEIZU_CREDENTIALS } from './support';

const SECRET = 'S3CRET-value';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(meizu.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

test('AppId and AppSecret are what it takes', () => {
  expect(safeParse(meizu.credentials, MEIZU_CREDENTIALS)).toMatchObject({
    success: true,
    output: MEIZU_CREDENTIALS,
  });
});

test.each([
  [{ appId: '1' }, ['appSecret is missing']],
  [{ ...MEIZU_CREDENTIALS, appKey: SECRET }, ['appKey is not a field of these credentials']],
  [{ ...MEIZU_CREDENTIALS, appId: 100001 }, ['appId must be a string']],
  [{ ...MEIZU_CREDENTIALS, appId: 'x' }, ['appId must be digits']],
  [
    { ...MEIZU_CREDENTIALS, appSecret: `${SECRET} ` },
    ['appSecret must have printable ASCII characters only, and at least one'],
  ],
  [
    { ...MEIZU_CREDENTIALS, appSecret: SECRET.repeat(99) },
    ['appSecret must have at most 128 characters'],
  ],
  [null, ['undefined must be an object']],
])('%# what is wrong is named, what was given is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual(expected);
  expect(problems(credentials).join()).not.toContain(SECRET);
});
