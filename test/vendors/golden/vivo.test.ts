import { vivo } from '../../../lib/vendors/vivo';
import { bodyOf, messageOf, requestIdOf, wordsOf } from '../../../lib/vendors/vivo/message';
import { aSendRequest } from '../support';
import { compareWithGolden, goldenCases } from './golden';

test('what vivo is sent for each payload', () => {
  const sent = goldenCases(vivo).map(({ name, notification }) => {
    const words = wordsOf(notification);
    const message = messageOf(aSendRequest({ notification }), words);
    const requestId = requestIdOf(notification.dedupeKey, words, ['v2-a']);
    return [name, JSON.parse(bodyOf(message, { appId: 10086, regId: 'v2-a', requestId }))] as const;
  });

  compareWithGolden('vivo', Object.fromEntries(sent));
});
