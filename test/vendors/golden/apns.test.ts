import { apns } from '../../../lib/vendors/apns';
import { messageOf } from '../../../lib/vendors/apns/message';
import { aSendRequest } from '../support';
import { compareWithGolden, goldenCases } from './golden';

test('what Apple is sent for each payload', () => {
  const sent = goldenCases(apns).map(({ name, notification }) => {
    const request = aSendRequest({ notification });
    const { headers, body } = messageOf(request, 'com.example.demo', 1_760_000_000_000);
    return [name, { headers, body: JSON.parse(body) }] as const;
  });

  compareWithGolden('apns', Object.fromEntries(sent));
});
