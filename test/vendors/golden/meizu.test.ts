import { meizu } from '../../../lib/vendors/meizu';
import { messageJsonOf } from '../../../lib/vendors/meizu/message';
import { aSendRequest } from '../support';
import { compareWithGolden, goldenCases } from './golden';

test('what Meizu is sent for each payload', () => {
  const sent = goldenCases(meizu).map(({ name, notification }) => {
    const json = messageJsonOf(aSendRequest({ notification }), 'com.example.shop');
    return [name, JSON.parse(json)] as const;
  });

  compareWithGolden('meizu', Object.fromEntries(sent));
});
