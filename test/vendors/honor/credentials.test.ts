import { safeParse } from 'valibot';
import { honor } from '../../../lib/vendors/honor';
import { HONOR_CREDENTIALS } from './support';

const SECRET = 'S3CRET-value';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(honor.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

test('App ID, client id and client secret are what it takes', () => {
  expect(safeParse(honor.credentials, HONOR_CREDENTIALS)).toMatchObject({
    success: true,
    output: HONOR_CREDENTIALS,
  });
});

test.each([
  [{ appId: '1', clientId: '2' }, ['clientSecret is missing']],
  [{ ...HONOR_CREDENTIALS, secret: SECRET }, ['secret is not a field of these credentials']],
  [{ ...HONOR_CREDENTIALS, appId: '../1' }, ['appId must be digits']],
  [{ ...HONOR_CREDENTIALS, appId: 104400123 }, ['appId must be a string']],
  [{ ...HONOR_CREDENTIALS, clientId: 7 }, ['clientId must be a string']],
  [
    { ...HONOR_CREDENTIALS, clientSecret: `${SECRET}\n` },
    ['clientSecret must have printable ASCII characters only, and at least one'],
  ],
  [
    { ...HONOR_CREDENTIALS, clientSecret: SECRET.repeat(99) },
    ['clientSecret must have at most 256 characters'],
  ],
  [SECRET, ['undefined must be an object']],
])('%# what is wrong is named, what was given is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual(expected);
  expect(problems(credentials).join()).not.toContain(SECRET);
});
