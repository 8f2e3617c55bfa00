import { honor } from '../../../lib/vendors/honor';
import { buildRequest, pushOf } from '../../../lib/vendors/honor/protocol';
import { aSendRequest } from '../support';
import { compareWithGolden, goldenCases } from './golden';

test('what Honor is sent for each payload', () => {
  const how = { url: 'https://push-api.cloud.honor.com', accessToken: '', timeoutMs: 1, now: 0 };
  const sent = goldenCases(honor).map(({ name, notification }) => {
    const push = pushOf(aSendRequest({ notification }), { biTag: 'job-42' });
    return [name, JSON.parse(buildRequest(push, ['regA=='], how).body ?? '')] as const;
  });

  compareWithGolden('honor', Object.fromEntries(sent));
});
