import { setTimeout } from 'node:timers/promises';
import { decide, logIn, reasonsIn } from '../support/journeys';
import { openQueues, type Queues } from '../support/queues';
import { aMessage, type Service, startService, until } from '../support/service';
import { sendTo, shownOn } from '../support/vendor-journeys';

let service: Service;
let queues: Queues;
beforeAll(async () => {
  service = await startService();
  queues = openQueues(service);
});
afterAll(async () => {
  queues.close();
  await service.close();
});

const TEAM = { id: 'team-1', type: 'team', name: 'Climbers' } as const;
const account = (accountId: string) => `/v1/accounts/${accountId}`;
const set = (accountId: string, settings: object) =>
  service.server.call('PATCH', account(accountId), settings);
const mute = (accountId: string, how: string) =>
  service.server.call('PUT', `${account(accountId)}/mutes/${TEAM.id}`, { mute: how });
const reasonsOf = async (message: object) =>
  reasonsIn(await service.server.call('POST', '/v1/messages', message));

/** What the phone of a new account shows of a message to it. */
async function shows(accountId: string, message: object, device: object = {}, settings?: object) {
  const token = await logIn(service, accountId, { ...device });
  if (settings) await set(accountId, settings);
  await sendTo(service, [accountId], { ...message });
  const [entry] = (await shownOn(service, token)).tray;
  return entry && [entry.title, entry.body];
}

describe('a forced push', () => {
  const force = { forcePush: true, forcePushContent: 'urgent' };

  test('to a team reaches through a mute and do-not-disturb, with its own text', async () => {
    const token = await logIn(service, 'ada');
    await mute('ada', 'all');
    await set('ada', { doNotDisturb: { window: { from: '12:00', to: '12:00' } } });

    const ordinary = await reasonsOf(aMessage(['ada'], { conversation: TEAM }));
    const forced = await reasonsOf(aMessage(['ada'], { conversation: TEAM, pushConfig: force }));

    expect(ordinary).toEqual(['muted']);
    expect(forced).toEqual(['queued']);
    expect((await shownOn(service, token)).tray).toMatchObject([
      { title: 'Climbers', body: 'Bob:urgent' },
    ]);
  });

  test('between two is an ordinary one', async () => {
    await logIn(service, 'ben');
    await set('ben', { doNotDisturb: { window: { from: '12:00', to: '12:00' } } });

    expect(await reasonsOf(aMessage(['ben'], { pushConfig: force }))).toEqual(['do-not-disturb']);
  });

  test('reaches neither its sender nor whoever switched pushes off', async () => {
    await logIn(service, 'bob');
    await logIn(service, 'cam');
    await set('cam', { pushEnabled: false });

    expect(
      await reasonsOf(aMessage(['bob', 'cam'], { conversation: TEAM, pushConfig: force })),
    ).toEqual(['own-device', 'push-disabled']);
  });

  test.each<[string, readonly string[] | undefined, string]>([
    ['without a list reaches everybody', undefined, 'queued'],
    ['with an empty list reaches nobody', [], 'muted'],
    ['with a list reaches those in it', ['LISTED'], 'queued'],
    ['with a list does not reach others', ['carol'], 'muted'],
  ])('%s, over HTTP as over the queue', async (name, list, expected) => {
    const people = ['http', 'sqs'].map((way) => `${way}-${name.replaceAll(' ', '-')}`);
    const [overHttp = '', overQueue = ''] = people;
    for (const one of people) {
      await logIn(service, one);
      await mute(one, 'all');
    }
    const message = (accountId: string) => {
      const ids = list?.map((id) => (id === 'LISTED' ? accountId : id));
      const pushConfig = { forcePush: true, ...(ids && { forcePushAccountIds: ids }) };
      return aMessage([accountId], { conversation: TEAM, pushConfig });
    };

    const queued = message(overQueue);
    await queues.send('MessageEventsQueue', queued, service.machine.app.key);
    const trace = await until(
      () => service.server.try('GET', `/v1/messages/${queued.messageId}/trace`),
      ({ status, body }) => status === 200 && JSON.stringify(body).includes('"reason"'),
    );

    expect(await reasonsOf(message(overHttp))).toEqual([expected]);
    expect(trace.body).toMatchObject({ devices: [{ reason: expected }] });
  });
});

describe('a mention', () => {
  test('is told in front of the text, of one and of all', async () => {
    expect(await shows('dan', { conversation: TEAM, mentions: ['dan'], body: 'you' })).toEqual([
      'Climbers',
      '[有人@我]Bob:you',
    ]);
    expect(await shows('eli', { conversation: TEAM, mentions: ['@all'], body: 'all' })).toEqual([
      'Climbers',
      '[@所有人]Bob:all',
    ]);
  });

  test('passes a mute that lets mentions through, and no other', async () => {
    await logIn(service, 'fay');
    const reason = async (how: string) => {
      await mute('fay', how);
      return reasonsOf(aMessage(['fay'], { conversation: TEAM, mentions: ['fay'] }));
    };

    expect([await reason('except-mentions'), await reason('all')]).toEqual([['queued'], ['muted']]);
  });

  test('of nobody leaves the owner, who passes a mute of ordinary members', async () => {
    await logIn(service, 'gil');
    await mute('gil', 'except-managers');
    const from = (role: string) =>
      reasonsOf(aMessage(['gil'], { conversation: TEAM, sender: { accountId: 'bob', role } }));

    expect([await from('owner'), await from('manager'), await from('member')]).toEqual([
      ['queued'],
      ['queued'],
      ['muted'],
    ]);
  });
});

describe('the text', () => {
  const IMAGE = { type: 'image', body: '' };

  test('has the nick before it, unless that is off', async () => {
    const pushConfig = { pushContent: 'come here' };
    const off = { ...pushConfig, pushNickEnabled: false };

    expect(await shows('hal', { pushConfig })).toEqual(['Bob', 'Bob:come here']);
    expect(await shows('ida', { pushConfig: off })).toEqual(['Bob', 'come here']);
  });

  test('by default is in the language of the device, else of the account, else of the app', async () => {
    const english = { locale: 'en' };

    expect(await shows('jim', IMAGE, { locale: 'en-GB' })).toEqual(['Bob', 'Bob:sent a picture']);
    expect(await shows('kai', IMAGE, {}, english)).toEqual(['Bob', 'Bob:sent a picture']);
    expect(await shows('kim', IMAGE, { locale: 'zh-Hans-CN' }, english)).toEqual([
      'Bob',
      'Bob:发来了一张图片',
    ]);
    expect(await shows('lea', IMAGE, { locale: 'fr' })).toEqual(['Bob', 'Bob:发来了一张图片']);
  });

  test('of a call says which kind it is', async () => {
    const call = (callType: string) => ({ type: 'call', callType, body: '' });

    expect(await shows('max', call('audio'))).toEqual(['Bob', 'Bob:发来了语音聊天邀请']);
    expect(await shows('mia', call('video'), { locale: 'en' })).toEqual([
      'Bob',
      'Bob:invites you to a video call',
    ]);
  });

  test('is a general one where details are hidden: the set of the device, or else the shipped one', async () => {
    await service.admin.call('PATCH', '/v1/app', { textSets: { short: { zh: '叮', en: 'ping' } } });
    // containers go on with the settings they know for a quarter of a second
    await setTimeout(500);
    const hidden = { showDetail: false };
    const secret = { conversation: TEAM, pushConfig: { pushPayload: '{"pushTitle":"secret"}' } };

    expect(await shows('ned', secret, { textSet: 'short' }, hidden)).toEqual([
      '您有一条新消息',
      '叮',
    ]);
    expect(await shows('oda', secret, { locale: 'en' }, hidden)).toEqual([
      'You have a new message',
      'Tap to view',
    ]);
  });

  test('of a changed message takes the place of the old one in the tray', async () => {
    const token = await logIn(service, 'pam');
    const messageId = await sendTo(service, ['pam'], { body: 'first' });
    const { tray: before } = await shownOn(service, token);

    await sendTo(service, ['pam'], { modifies: messageId, pushConfig: { pushContent: 'second' } });
    const { tray } = await until(
      () => service.machine.simulators.phones.look(token),
      (phone) => phone.tray[0]?.body === 'Bob:second',
    );

    expect(before).toMatchObject([{ body: 'Bob:first' }]);
    expect(tray).toMatchObject([{ body: 'Bob:second', notifyId: before[0]?.notifyId }]);
  });
});

describe('who is not to be disturbed', () => {
  test('by a desktop that is connected, where the user says so', async () => {
    await logIn(service, 'quin');
    await logIn(service, 'quin', { platform: 'macos', tokens: [] }, 'mac');
    const onDesktop = (state: string) =>
      service.server.call('PUT', `${account('quin')}/devices/mac/presence`, { state });

    await onDesktop('foreground');
    const byDefault = await decide(service, 'quin');
    await set('quin', { pushWhenDesktopOnline: false });
    const quiet = await decide(service, 'quin');
    const presence = [{ deviceId: 'mac', state: 'disconnected' }];
    const stated = await decide(service, { accountId: 'quin', presence });
    await onDesktop('disconnected');
    const gone = await decide(service, 'quin');

    expect([byDefault, quiet, stated, gone]).toEqual([
      ['queued', 'no-push-platform'],
      ['desktop-online', 'no-push-platform'],
      ['queued', 'no-push-platform'],
      ['queued', 'no-push-platform'],
    ]);
  });

  test('by those he blocked, nor at all when an admin blocked him', async () => {
    await logIn(service, 'rex');

    expect(await decide(service, { accountId: 'rex', blockedSender: true })).toEqual(['blocked']);
    await set('rex', { blocked: true });
    expect(await decide(service, 'rex')).toEqual(['blocked']);
    await set('rex', { blocked: false });
    expect(await decide(service, 'rex')).toEqual(['queued']);
  });
});
