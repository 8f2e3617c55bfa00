import * as v from 'valibot';
import { pushTypeOf } from '../../lib/model/vendor-id';
import { vendors } from '../../lib/vendors/registry';
import { aMessage, type Service, startService } from '../support/service';
import { readable, shownOn, sideBySide, storyWith } from '../support/vendor-journeys';
import { phoneOf, VENDORS, type Vendor } from '../support/vendor-phones';

const NICK = '张三🎉';
const CHINESE = '晚上一起吃火锅吗？🍲😋 7点, "老地方" & 100%';
const BODY = `${NICK}:${CHINESE}`;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const reports = (vendor: Vendor) => vendors[vendor].readReceipts !== undefined;

/** As an app does it: it asks whom to ask for a token, brings what that vendor gave it, and is written to. */
const stories = sideBySide(VENDORS, async (vendor) => {
  const { server } = service;
  const account = `owner-of-${vendor}`;
  const device = `/v1/accounts/${account}/devices/phone`;
  const { facts, makeToken } = phoneOf(vendor);
  const token = makeToken();
  const first = await server.call('PUT', device, { ...facts, tokens: [] });
  const registered = await server.call('PUT', `${device}/tokens/${vendor}`, { token });
  const message = aMessage([account], {
    sender: { accountId: 'zhang', nick: NICK },
    body: CHINESE,
  });
  const answer = await server.call('POST', '/v1/messages', message);
  const { tray } = await shownOn(service, token);
  const last = reports(vendor) ? 'delivered' : 'accepted';
  await storyWith(service, message.messageId, account, last);
  return {
    facts,
    first,
    registered,
    account: await server.call('GET', `/v1/accounts/${account}`),
    answer,
    tray,
    trace: await server.call('GET', `/v1/messages/${message.messageId}/trace`),
  };
});

test.each(VENDORS)('a phone that %s reaches logs in and is told so', async (vendor) => {
  const { facts, first, registered, account } = await stories(vendor);

  const channel = { vendor, pushType: pushTypeOf(vendor), certificate: vendor };
  expect(first).toMatchObject({
    channel: { vendor: null, pushType: 0, certificate: null },
    recommendation: { vendor, certificate: vendor },
  });
  expect(registered).toMatchObject({ channel, recommendation: { vendor } });
  expect(account).toMatchObject({
    devices: [{ ...facts, channel, tokens: [{ vendor, certificate: vendor }] }],
  });
});

test.each(VENDORS)(
  'a message through %s is shown, and its trace tells the story',
  async (vendor) => {
    const { answer, tray, trace } = await stories(vendor);

    expect(answer).toMatchObject({
      recipients: [{ reachable: true, devices: [{ decision: 'push', reason: 'queued', vendor }] }],
    });
    expect(tray).toMatchObject([{ vendor, title: NICK, body: BODY }]);
    expect(trace).toMatchObject({
      devices: [
        {
          decision: 'push',
          job: { vendor },
          outcomes: [{ kind: 'accepted' }],
          receipts: reports(vendor) ? [{ kind: 'delivered' }] : [],
        },
      ],
    });
  },
);

const captured = v.object({
  requests: v.array(
    v.object({ method: v.string(), path: v.string(), status: v.number(), body: v.string() }),
  ),
});

test.each(VENDORS)('the request to %s was right at the first go', async (vendor) => {
  await stories(vendor);
  const { simulators } = service.machine;
  const answer = await fetch(`${simulators.url}/${vendor}/requests?last=20`);
  const { requests } = v.parse(captured, await answer.json());

  const sent = requests.filter((request) => readable(request).split('\n').includes(BODY));
  expect(sent).toMatchObject([{ method: 'POST', status: 200 }]);
  expect(sent.map(readable).join()).toContain(NICK);
  expect(simulators[vendor].counters()).toMatchObject({
    requests: 1,
    accepted: 1,
    targets: 1,
    refused: 0,
  });
});
