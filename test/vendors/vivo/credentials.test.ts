import { safeParse } from 'valibot';
import { vivo } from '../../../lib/vendors/vivo';
import { VIVO_CREDENTIALS } from './support';

const SECRET = 'S3CRET-value';

function problems(credentials: unknown): readonly string[] {
  const { issues = [] } = safeParse(vivo.credentials, credentials);
  return issues.map(({ path, message }) => `${path?.map(({ key }) => key).join('.')} ${message}`);
}

test('the three keys of the console are what it takes, the id as digits or as a number', () => {
  for (const appId of ['10086', 10086]) {
    expect(safeParse(vivo.credentials, { ...VIVO_CREDENTIALS, appId })).toMatchObject({
      success: true,
      output: VIVO_CREDENTIALS,
    });
  }
});

test.each([
  [{ appId: '1', appKey: '2' }, ['appSecret is missing']],
  [{ ...VIVO_CREDENTIALS, secret: SECRET }, ['secret is not a field of these credentials']],
  [{ ...VIVO_CREDENTIALS, appId: SECRET }, ['appId must be digits']],
  [{ ...VIVO_CREDENTIALS, appId: '0010086' }, ['appId must be digits']],
  [{ ...VIVO_CREDENTIALS, appId: 1.5 }, ['appId must be digits']],
  [{ ...VIVO_CREDENTIALS, appId: 1e21 }, ['appId must be digits']],
  [{ ...VIVO_CREDENTIALS, appId: {} }, ['appId must be digits']],
  [{ ...VIVO_CREDENTIALS, appKey: 7 }, ['appKey must be a string']],
  [
    { ...VIVO_CREDENTIALS, appSecret: `${SECRET}\n` },
    ['appSecret must have printable ASCII characters only, and at least one'],
  ],
  [
    { ...VIVO_CREDENTIALS, appSecret: SECRET.repeat(99) },
    ['appSecret must have at most 128 characters'],
  ],
  [SECRET, ['undefined must be an object']],
])('%# what is wrong is named, what was given is not', (credentials, expected) => {
  expect(problems(credentials)).toEqual(expected);
  expect(problems(credentials).join()).not.toContain(SECRET);
});
