import type { ApiClient } from '../../local/api-client';
import type { CapturedRequest } from '../../local/simulators/captured-requests';
import { storeCertificate } from '../support/journeys';
import { type Service, startService, until } from '../support/service';
import { callWith, signature } from '../support/signed-call';
import { order, readable, requestsWith, sideBySide } from '../support/vendor-journeys';
import { phoneOf, VENDORS, type Vendor } from '../support/vendor-phones';

/** One message cannot be sent three times to one app, so each way of saying it has an app of its own. */
const WAYS = ['v1', 'v2', 'own'] as const;
const APPS = WAYS.map((way) => ({ key: `app-${way}`, secret: `secret of ${way}`.padEnd(40, '.') }));
/** Longer than any vendor keeps a message, so that what is left of its life is the same in every request. */
const TTL_SECONDS = 2_419_200;
const HOUR_MS = 3_600_000;
/** For a busy machine: nine vendors at once, each for three apps. */
const PATIENCE_MS = 40_000;
const sentAt = Date.now() + 20 * HOUR_MS;

const TEXT = '明天几点出发？🚀';
const PAYLOAD = JSON.stringify({ pushTitle: '登山群', room: 'summit' });

let service: Service;
beforeAll(async () => {
  service = await startService({ furtherApps: APPS });
  // the apps share a key, and each makes a token of its own with it
  order(service, 'apns', { providerTokenUpdateSeconds: 0 });
  for (const app of APPS) {
    const admin = await service.as('admin', undefined, app);
    await admin.call('PATCH', '/v1/app', { ttlSeconds: TTL_SECONDS });
    for (const vendor of VENDORS) await storeCertificate(service, vendor, { vendor, admin });
  }
}, PATIENCE_MS);
afterAll(() => service.close());

/** One message in each of the ways, by the path it is posted to. */
interface Said {
  readonly v1: Readonly<Record<string, string>>;
  readonly v2: object;
  readonly own: object;
}

function toOne(messageId: string, accountId: string): Said {
  return {
    v1: {
      ...{ messageId, msgTimestamp: String(sentAt), from: 'bob', fromNick: 'Bob', ope: '0' },
      ...{ to: accountId, type: '0', body: JSON.stringify({ msg: TEXT }) },
    },
    v2: {
      conversation_id: `bob|1|${accountId}`,
      ...{ message_client_id: messageId, create_time: sentAt, sender_nick: 'Bob' },
      message: { message_type: 0, text: TEXT },
    },
    own: {
      ...{ messageId, type: 'text', sentAt, body: TEXT, recipients: [accountId] },
      conversation: { id: 'bob', type: 'p2p' },
      sender: { accountId: 'bob', nick: 'Bob' },
    },
  };
}

function toTeam(messageId: string, teamId: string, accountId: string): Said {
  const forced = [accountId];
  return {
    v1: {
      ...{ messageId, msgTimestamp: String(sentAt), from: 'bob', fromNick: 'Bob', ope: '1' },
      ...{ to: teamId, type: '1', body: '{"url":"https://example.com/a.png"}', payload: PAYLOAD },
      option: JSON.stringify({ needPushNick: false, badge: false, route: true }),
      pushcontent: '[图片]',
      forcePushList: JSON.stringify(forced),
      forcePushContent: '看这张图片',
    },
    v2: {
      conversation_id: `bob|2|${teamId}`,
      ...{ message_client_id: messageId, create_time: sentAt, sender_nick: 'Bob' },
      message: { message_type: 1, attachment: { url: 'https://example.com/a.png' } },
      push_config: {
        ...{ push_nick_enabled: false, push_content: '[图片]', push_payload: PAYLOAD },
        ...{ push_forcepush_enable: true, push_forcepush_ids: forced },
        push_forcepush_content: '看这张图片',
      },
      message_config: { unread_enabled: false },
    },
    own: {
      ...{ messageId, type: 'image', sentAt, recipients: [accountId, 'bob'] },
      conversation: { id: teamId, type: 'team' },
      sender: { accountId: 'bob', nick: 'Bob', role: 'manager' },
      pushConfig: {
        ...{ pushNickEnabled: false, unreadEnabled: false, pushContent: '[图片]' },
        ...{ pushPayload: PAYLOAD, forcePush: true, forcePushAccountIds: forced },
        forcePushContent: '看这张图片',
      },
    },
  };
}

/** Says it in each way to the app that is for it; answers how each call was answered. */
async function say({ v1, v2, own }: Said): Promise<number[]> {
  const { url } = service.machine.stack;
  const [first, second, third] = APPS.map((app) => signature(app));
  const form = await fetch(`${url}/v1/nim/messages`, {
    method: 'POST',
    headers: { ...first },
    body: new URLSearchParams(v1),
  });
  const json = await callWith({ ...second }, `${url}/v1/nim/messages`, 'POST', v2);
  const message = await callWith({ ...third }, `${url}/v1/messages`, 'POST', own);
  return [form.status, json.status, message.status];
}

/** The same phone in each of the apps. */
async function logInEverywhere(vendor: Vendor, accountId: string): Promise<void> {
  const token = phoneOf(vendor).makeToken();
  const body = { ...phoneOf(vendor).facts, tokens: [{ certificate: vendor, token }] };
  for (const client of await clients()) {
    await client.call('PUT', `/v1/accounts/${accountId}/devices/phone`, body);
  }
}

const clients = (): Promise<ApiClient[]> =>
  Promise.all(APPS.map((app) => service.as('server', undefined, app)));

/** What differs from app to app: jobs, and where receipts go. */
async function namesOf(vendor: Vendor, messageIds: readonly string[]): Promise<string[]> {
  const told = await Promise.all(
    APPS.map(async (app) => {
      const server = await service.as('server', undefined, app);
      const admin = await service.as('admin', undefined, app);
      const traces = messageIds.map((id) => server.call('GET', `/v1/messages/${id}/trace`));
      const stored = admin.call('GET', `/v1/certificates/${vendor}`);
      return JSON.stringify(await Promise.all([...traces, stored]));
    }),
  );
  return told.flatMap((text) =>
    [...text.matchAll(/"(?:jobId|receiptId)":"([^"]+)"/g)].flatMap(([, name = '']) => name),
  );
}

/** A request without those names, without the clock's time, and without signatures over either. */
function alike({ method, path, headers, body }: CapturedRequest, names: readonly string[]) {
  const same = (text: string) =>
    names
      .reduce((left, name) => left.replaceAll(name, '<name>'), text)
      .replace(/&sign=\w+/, '&sign=<signature>');
  const { timestamp: _time, 'apns-expiration': _end, 'apns-id': _id, ...others } = headers;
  return { method, path: same(path), headers: others, body: same(body) };
}

const stories = sideBySide(VENDORS, async (vendor) => {
  const [oneId, teamMessageId] = [`one-${vendor}`, `group-${vendor}`];
  const accountId = `alice-${vendor}`;
  const teamId = `team-${vendor}`;
  await logInEverywhere(vendor, accountId);
  for (const client of await clients()) {
    const members = { members: [accountId], managers: ['bob'] };
    await client.call('PUT', `/v1/teams/${teamId}/members`, members);
  }
  const statuses = [
    ...(await say(toOne(oneId, accountId))),
    ...(await say(toTeam(teamMessageId, teamId, accountId))),
  ];
  const sent = (messageId: string) =>
    until(
      () => requestsWith(service, vendor, messageId).filter(({ status }) => status === 200),
      (found) => found.length >= WAYS.length,
      PATIENCE_MS,
    );
  const requests = [await sent(oneId), await sent(teamMessageId)];
  return { statuses, requests, names: await namesOf(vendor, [oneId, teamMessageId]) };
});

test.each(VENDORS)(
  'the same message in V1’s form, in V2’s and in our own is the same request to %s',
  async (vendor) => {
    const { statuses, requests, names } = await stories(vendor);
    const [one = [], team = []] = requests.map((some) => some.map((each) => alike(each, names)));

    expect(statuses).toEqual(new Array(2 * WAYS.length).fill(202));
    expect(one).toEqual(WAYS.map(() => one[0]));
    expect(team).toEqual(WAYS.map(() => team[0]));
    expect(one.map(readable).join()).toContain(TEXT);
    expect(team.map(readable).join()).toContain('看这张图片');
  },
  3 * PATIENCE_MS,
);
