import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { postXiaomi } from '../calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20, ratePerSecond: { xiaomi: Infinity } });
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.xiaomi.reset();
  simulators.phones.clear();
});

describe('with channels configured', () => {
  const day = 86_400_000;
  const template = {
    'extra.channel_id': 'chat',
    'extra.template_id': 'T1',
    'extra.template_param': '{"who":"Ann"}',
  };
  beforeEach(() => {
    simulators.xiaomi.control({
      channels: { news: { kind: 'public' }, chat: { kind: 'private', templates: { T1: ['who'] } } },
    });
  });

  test.each([
    ['no channel', 27001, {}],
    ['an unapproved channel', 27001, { 'extra.channel_id': 'other' }],
    ['a private channel without template', 27001, { 'extra.channel_id': 'chat' }],
    ['an unknown template', 27001, { ...template, 'extra.template_id': 'T2' }],
    ['variables of another template', 10017, { ...template, 'extra.template_param': '{"x":"1"}' }],
    ['a blank variable', 10017, { ...template, 'extra.template_param': '{"who":" "}' }],
    ['an emoji in a variable', 10017, { ...template, 'extra.template_param': '{"who":"😀"}' }],
    [
      'a variable of 129 characters',
      10017,
      {
        ...template,
        'extra.template_param': JSON.stringify({ who: 'x'.repeat(129) }),
      },
    ],
    ['variables that are no JSON', 10017, { ...template, 'extra.template_param': '{' }],
    [
      'more than a day in a public channel',
      10017,
      {
        'extra.channel_id': 'news',
        time_to_live: `${day + 1}`,
      },
    ],
    ['more than 10 days in a private one', 10017, { ...template, time_to_live: `${10 * day + 1}` }],
  ])('%s is refused with %i', async (_, code, change) => {
    expect((await postXiaomi(simulators, change)).json).toMatchObject({ code });
  });

  test('an approved channel with its template is accepted', async () => {
    const news = await postXiaomi(simulators, { 'extra.channel_id': 'news' });
    expect(news.json).toMatchObject({ code: 0 });
    const chat = await postXiaomi(simulators, { ...template, time_to_live: `${10 * day}` });
    expect(chat.json).toMatchObject({ code: 0 });
  });
});
