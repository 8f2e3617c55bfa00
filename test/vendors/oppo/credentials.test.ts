import { safeParse } from 'valibot';
import { oppo } from '../../../lib/vendors/oppo';
import { OPPO_CREDENTIALS } from './support';

const SECRET = 'S3CRET-value';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(oppo.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

test('the app key and the master secret of the console are what it takes', () => {
  expect(safeParse(oppo.credentials, OPPO_CREDENTIALS)).toMatchObject({
    success: true,
    output: OPPO_CREDENTIALS,
  });
});

test.each([
  [{ appKey: '1' }, ['masterSecret is missing']],
  [{ ...OPPO_CREDENTIALS, appSecret: SECRET }, ['appSecret is not a field of these credentials']],
  [{ ...OPPO_CREDENTIALS, appKey: 7 }, ['appKey must be a string']],
  [
    { ...OPPO_CREDENTIALS, masterSecret: `${SECRET}\r\n` },
    ['masterSecret must have printable ASCII characters only, and at least one'],
  ],
  [
    { ...OPPO_CREDENTIALS, masterSecret: SECRET.repeat(99) },
    ['masterSecret must have at most 128 characters'],
  ],
  [SECRET, ['undefined must be an object']],
])('%# what is wrong is named, what was given is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual(expected);
  expect(problems(credentials).join()).not.toContain(SECRET);
});
