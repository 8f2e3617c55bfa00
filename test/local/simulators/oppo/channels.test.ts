import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { aMessage, fetchOppoToken, unicast } from './oppo-calls';

let simulators: Simulators;
let authToken: string;

beforeAll(async () => {
  simulators = await startSimulators();
  authToken = await fetchOppoToken(simulators);
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.oppo.reset();
  simulators.phones.clear();
  simulators.oppo.control({
    channels: {
      news: { kind: 'public' },
      chat: {
        kind: 'private',
        templates: { T1: { title: ['who'], content: ['text'] }, T2: { content: ['text'] } },
      },
    },
  });
});

const chat = {
  channel_id: 'chat',
  category: 'IM',
  private_msg_template_id: 'T1',
  private_title_parameters: { who: 'Ann' },
  private_content_parameters: { text: '你好' },
};

test.each([
  ['an unknown channel', 41, { channel_id: 'other' }],
  ['a service class in a public channel', 67, { channel_id: 'news', category: 'IM' }],
  ['a service class without a channel', 67, { category: 'IM' }],
  ['a marketing class in a private channel', 67, { ...chat, category: 'NEWS' }],
  ['a private channel without template', 54, { channel_id: 'chat' }],
  ['an empty template id', 54, { ...chat, private_msg_template_id: '' }],
  ['an unknown template', 41, { ...chat, private_msg_template_id: 'T9' }],
  ['no title variables', 41, { ...chat, private_title_parameters: undefined }],
  ['another title variable', 41, { ...chat, private_title_parameters: { whom: 'Ann' } }],
  ['a variable too many', 41, { ...chat, private_content_parameters: { text: 'a', b: 'c' } }],
  ['a blank variable', 41, { ...chat, private_content_parameters: { text: ' ' } }],
  ['variables the template has not', 41, { ...chat, private_msg_template_id: 'T2' }],
])('%s is refused with %i', async (_, code, change) => {
  const { json } = await unicast(simulators, authToken, aMessage(change));
  expect(json).toMatchObject({ code });
  expect(simulators.phones.totals().arrivals).toBe(0);
});

test.each([
  ['no channel', {}],
  ['a public channel', { channel_id: 'news', category: 'NEWS' }],
  ['a private channel with its template', chat],
  ['a private channel of the former kind, without class', { ...chat, category: undefined }],
  [
    'a template without title variables',
    { ...chat, private_msg_template_id: 'T2', private_title_parameters: undefined },
  ],
])('%s is accepted', async (_, change) => {
  const { json } = await unicast(simulators, authToken, aMessage(change));
  expect(json).toMatchObject({ code: 0 });
});

test('a private channel without class is outside the limits of public messages', async () => {
  simulators.oppo.control({ dailyQuota: 0 });
  const former = await unicast(simulators, authToken, aMessage({ ...chat, category: undefined }));
  expect(former.json).toMatchObject({ code: 0 });
  const news = await unicast(simulators, authToken, aMessage({ channel_id: 'news' }));
  expect(news.json).toMatchObject({ code: 33 });
});
