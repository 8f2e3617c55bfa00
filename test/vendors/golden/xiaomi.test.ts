import { xiaomi } from '../../../lib/vendors/xiaomi';
import { messageOf } from '../../../lib/vendors/xiaomi/message';
import { buildRequest } from '../../../lib/vendors/xiaomi/protocol';
import { aSendRequest } from '../support';
import { compareWithGolden, goldenCases } from './golden';

test('what Xiaomi is sent for each payload', () => {
  const sent = goldenCases(xiaomi).map(({ name, notification }) => {
    const message = messageOf(aSendRequest({ notification }), ['regA=='], 'com.example.shop');
    const { body = '' } = buildRequest(message, 'https://api.xmpush.xiaomi.com', 'secret', 5_000);
    return [name, Object.fromEntries(new URLSearchParams(body))] as const;
  });

  compareWithGolden('xiaomi', Object.fromEntries(sent));
});
