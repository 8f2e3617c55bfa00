import type { MessageClass } from '../../../lib/model/app-settings';
import { oppo } from '../../../lib/vendors/oppo';
import { contentOf } from '../../../lib/vendors/oppo/message';
import { aNotification, aSendRequest } from '../support';

const content = (messageClass?: MessageClass, parts = {}) =>
  contentOf(
    aSendRequest({
      ...(messageClass && { messageClass }),
      notification: aNotification({
        parts: { nick: '张三', content: '你好', conversation: '家人', ...parts },
      }),
    }),
    undefined,
  );

test('a chat message is one unless its class says otherwise', () => {
  const fields = ({ channelId, ...others }: MessageClass = {}) => {
    const made = content({ ...(channelId === undefined ? {} : { channelId }), ...others });
    return [made.channel_id, made.category, made.notify_level];
  };

  expect(fields()).toEqual([undefined, 'IM', undefined]);
  expect(fields({ channelId: 'chat', notifyLevel: 16 })).toEqual(['chat', 'IM', 16]);
  expect(fields({ category: 'ORDER' })).toEqual([undefined, 'ORDER', undefined]);
  expect(fields({ category: 'SOCIAL', notifyLevel: 2 })).toEqual([undefined, 'SOCIAL', undefined]);
  expect(fields({ instantMessaging: false, notifyLevel: 2 })).toEqual([
    undefined,
    'MARKETING',
    undefined,
  ]);
  expect(fields({ instantMessaging: false, category: 'NEWS' })[1]).toBe('NEWS');
  expect(fields({ instantMessaging: false, category: 'IM' })[1]).toBe('MARKETING');
  expect(fields({ instantMessaging: true })[1]).toBe('IM');
});

describe('a private template', () => {
  const templateId = 'T1';

  test('gets the values of its variables, and a long text', () => {
    const made = content({
      templateId,
      titleParameters: { who: '{nick}' },
      templateParameters: { where: '{conversation}', what: '{nick}:{content}' },
    });

    expect(made).toMatchObject({
      style: 2,
      title: '订单 已发货',
      content: '包裹 A&B 100%',
      private_msg_template_id: 'T1',
      private_title_parameters: { who: '张三' },
      private_content_parameters: { where: '家人', what: '张三:你好' },
    });
  });

  test('without variables gets no parameters, for an empty object would be refused', () => {
    const made = content({ templateId, titleParameters: {} });

    expect(made.private_msg_template_id).toBe('T1');
    expect(made).not.toHaveProperty('private_title_parameters');
    expect(made).not.toHaveProperty('private_content_parameters');
    expect(content({ templateParameters: { what: '{content}' } })).not.toHaveProperty(
      'private_content_parameters',
    );
  });

  test('leaves room for its own words, whatever was written', () => {
    const made = content(
      {
        templateId,
        titleParameters: { who: '{nick}' },
        templateParameters: { one: '{content}', two: '{content}' },
      },
      { nick: '名'.repeat(99), content: '👨‍👩‍👧'.repeat(99) },
    );

    expect(made.private_title_parameters?.['who']).toBe(`${'名'.repeat(29)}…`);
    expect(made.private_content_parameters?.['one']).toMatch(/^(👨‍👩‍👧){6}…$/u);
    expect(made.private_content_parameters?.['two']?.length).toBeLessThanOrEqual(50);
  });

  test('gets values on one line, never blank, never with a variable in them', () => {
    const value = (text: string) =>
      content({ templateId, templateParameters: { what: '{content}' } }, { content: text })
        .private_content_parameters?.['what'];

    expect(value(' a\n\tb\u0000c ')).toBe('a b c');
    expect(value('\u200b \n')).toBe('…');
    expect(value(['$', '{who}$ $$', '{$', '{a}$'].join(''))).toBe('{who}$ {{a}$');
  });

  test('of very many variables gives each something', () => {
    const names = Array.from({ length: 60 }, (_, n) => [`v${n}`, '{nick}'] as const);
    const made = content({ templateId, titleParameters: Object.fromEntries(names) });

    expect(new Set(Object.values(made.private_title_parameters ?? {}))).toEqual(new Set(['…']));
  });
});

test('a registration id says where it is at home', () => {
  const hex = '0f3c5a7e9b1d2c4f6a8b0c1d2e3f4a5b';
  const regionOf = (token: string) => oppo.regionOf?.(token, 'IN');

  expect([hex, `CN_${hex}`, `OPPO_CN_${hex}`].map(regionOf)).toEqual(Array(3).fill('mainland'));
  expect(
    [`IN_${hex}`, `OPPO_IN_${hex}`, `CN_IN_${hex}`, `A_OPPO_CN_${hex}`, `EUEX_${hex}`].map(
      regionOf,
    ),
  ).toEqual(Array(5).fill('overseas'));
});

test('classes with quotas are warned of, one sentence each', () => {
  const warnings = oppo.warningsFor?.({
    classes: {
      im: { channelId: 'chat' },
      news: { category: 'NEWS' },
      ads: { instantMessaging: false },
    },
  });

  expect(warnings).toEqual([
    'classes.news sends messages as NEWS, content and marketing to OPPO: a few a day for each phone, without a sound',
    'classes.ads sends messages as MARKETING, content and marketing to OPPO: a few a day for each phone, without a sound',
  ]);
  expect(oppo.warningsFor?.({})).toEqual([]);
});
