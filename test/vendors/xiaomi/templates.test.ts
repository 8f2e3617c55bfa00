import * as fc from 'fast-check';
import { messageOf } from '../../../lib/vendors/xiaomi/message';
import { createXiaomiSender } from '../../../lib/vendors/xiaomi/sender';
import { type Simulators, startSimulators } from '../../../local/simulators/simulators';
import { aNotification, aSendRequest, aXiaomiCertificate, somePorts } from '../support';

const CHAT = {
  channelId: 'chat',
  templateId: 'T1',
  templateParameters: { who: '{nick}', what: '{conversation}: {content}' },
};

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
  simulators.xiaomi.control({
    ratePerSecond: null,
    channels: { chat: { kind: 'private', templates: { T1: ['who', 'what'] } } },
  });
});

afterAll(() => simulators.close());

function sender() {
  return createXiaomiSender(
    aXiaomiCertificate({
      endpoint: simulators.endpoint('xiaomi'),
      credentials: { ...simulators.credentials('xiaomi') },
      package: simulators.packageName,
    }),
    somePorts(),
  );
}

test('each variable of a template gets its part of the message, without what Xiaomi refuses', () => {
  const notification = aNotification({
    parts: { nick: '张三👨‍👩‍👧', content: '晚上一起吃火锅吗？🍲😋\n7️⃣点', conversation: '火锅群' },
  });

  const { extra } = messageOf(
    aSendRequest({ notification, messageClass: CHAT }),
    ['regA=='],
    'com.example.shop',
  );

  expect(extra).toMatchObject({ channel_id: 'chat', template_id: 'T1' });
  expect(extra['template_param']).toBe('{"who":"张三","what":"火锅群: 晚上一起吃火锅吗？ 7点"}');
});

test('a template without variables has no parameters', () => {
  const messageClass = { channelId: 'chat', templateId: 'T2' };
  const { extra } = messageOf(aSendRequest({ messageClass }), ['regA=='], 'com.example.shop');

  expect(extra).toMatchObject({ template_id: 'T2' });
  expect(extra).not.toHaveProperty('template_param');
});

test('any Unicode message comes out as a request that is accepted', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.constantFrom('', '😀', ' \u3000 ', '\u200d', '🇨🇳🇨🇳', '\ufe0f', '\u0000', '７️⃣'),
  );
  await fc.assert(
    fc.asyncProperty(text, text, text, async (nick, content, conversation) => {
      const notification = aNotification({
        title: nick,
        body: content,
        parts: { nick, content, conversation },
      });
      expect(await sender().send(aSendRequest({ notification, messageClass: CHAT }))).toMatchObject(
        [{ kind: 'accepted' }],
      );
    }),
    { numRuns: 200 },
  );
});
