import { oppo } from '../../../lib/vendors/oppo';
import { buildRequest, contentOf } from '../../../lib/vendors/oppo/message';
import { aSendRequest } from '../support';
import { compareWithGolden, goldenCases } from './golden';

test('what OPPO is sent for each payload', () => {
  const to = { address: 'https://api.push.oppomobile.com', authToken: 'token', timeoutMs: 5_000 };
  const sent = goldenCases(oppo).map(({ name, notification }) => {
    const content = contentOf(aSendRequest({ notification }), 'com.example.shop');
    const message = { content, dedupeKey: notification.dedupeKey };
    const { body = '' } = buildRequest(message, ['regA=='], to);
    return [name, JSON.parse(new URLSearchParams(body).get('message') ?? '')] as const;
  });

  compareWithGolden('oppo', Object.fromEntries(sent));
});
