import { harmony } from '../../../lib/vendors/harmony';
import { bodyOf, messageOf } from '../../../lib/vendors/harmony/protocol';
import { aSendRequest } from '../support';
import { compareWithGolden, goldenCases } from './golden';

test('what HarmonyOS is sent for each payload', () => {
  const sent = goldenCases(harmony).map(({ name, notification }) => {
    const message = messageOf(aSendRequest({ notification }), 'com.example.shop');
    return [name, JSON.parse(bodyOf(message, ['regA==']))] as const;
  });

  compareWithGolden('harmony', Object.fromEntries(sent));
});
