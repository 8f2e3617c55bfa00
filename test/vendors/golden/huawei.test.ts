import { huawei } from '../../../lib/vendors/huawei';
import { bodyOf, pushOf } from '../../../lib/vendors/huawei/protocol';
import { aSendRequest } from '../support';
import { compareWithGolden, goldenCases } from './golden';

test('what Huawei is sent for each payload', () => {
  const sent = goldenCases(huawei).map(({ name, notification }) => {
    const push = pushOf(aSendRequest({ notification }), 'com.example.shop');
    return [name, JSON.parse(bodyOf(push, ['regA==']))] as const;
  });

  compareWithGolden('huawei', Object.fromEntries(sent));
});
