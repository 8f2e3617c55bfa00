import { logIn } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';
import {
  logInPhone,
  order,
  requestsWith,
  sendTo,
  shownOn,
  storyWith,
} from '../support/vendor-journeys';
import { VENDORS, type Vendor } from '../support/vendor-phones';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterEach(() => {
  for (const vendor of ['xiaomi', 'harmony', 'huawei'] as const) {
    order(service, vendor, { failNext: 0 });
  }
});
afterAll(() => service.close());

const pathOf = (messageId: string) => `/v1/messages/${messageId}`;
const recall = (messageId: string, body?: object) =>
  service.server.call('DELETE', pathOf(messageId), body);
const look = (token: string) => service.machine.simulators.phones.look(token);

/** The trace, once it says this. */
function traceWith(messageId: string, text: string) {
  return until(
    () => service.server.call('GET', `${pathOf(messageId)}/trace`),
    (told) => JSON.stringify(told).includes(text),
    20_000,
  );
}

/** A message that its phone shows. */
async function aShownMessage(vendor: Vendor, accountId: string, changes = {}) {
  const token = await logInPhone(service, vendor, accountId);
  const messageId = await sendTo(service, [accountId], changes);
  await shownOn(service, token);
  await storyWith(service, messageId, accountId, 'accepted');
  return { messageId, token };
}

describe('what waits for its vendor', () => {
  async function aWaitingMessage(accountId: string, changes = {}) {
    const token = await logIn(service, accountId);
    order(service, 'xiaomi', { failNext: 1_000, status: 503 });
    const messageId = await sendTo(service, [accountId], changes);
    await storyWith(service, messageId, accountId, 'unavailable');
    return { messageId, token };
  }

  test('is stopped by a recall, and the trace says so', async () => {
    const { messageId, token } = await aWaitingMessage('waiting');

    const answer = await recall(messageId);
    order(service, 'xiaomi', { failNext: 0 });
    const trace = await traceWith(messageId, '"kind":"recalled"');

    expect(answer).toMatchObject({ messageId, recalled: true, stopped: 1, pushed: 0 });
    expect(JSON.stringify(trace)).toContain('"kind":"recalled"');
    expect(look(token).arrivals).toEqual([]);
  }, 40_000);

  test('so a call that is cancelled never rings', async () => {
    const call = { type: 'call', callType: 'video' };
    const { messageId, token } = await aWaitingMessage('called', call);

    await recall(messageId);
    order(service, 'xiaomi', { failNext: 0 });
    await traceWith(messageId, '"kind":"recalled"');

    expect(look(token).arrivals).toEqual([]);
  }, 40_000);

  test('other messages of the same job go on', async () => {
    const token = await logIn(service, 'both');
    order(service, 'xiaomi', { failNext: 1_000, status: 503 });
    const [gone, stays] = [aMessage(['both']), aMessage(['both'], { body: 'stays' })];
    await service.server.call('POST', '/v1/messages', { messages: [gone, stays] });
    await storyWith(service, gone.messageId, 'both', 'unavailable');

    await recall(gone.messageId);
    order(service, 'xiaomi', { failNext: 0 });
    await storyWith(service, stays.messageId, 'both', 'accepted', 20_000);
    await traceWith(gone.messageId, '"kind":"recalled"');

    expect((await shownOn(service, token)).tray).toMatchObject([{ body: 'Bob:stays' }]);
  }, 40_000);
});

describe('a recall that comes before its message', () => {
  test('keeps it from being pushed, whatever the call it comes in', async () => {
    const token = await logIn(service, 'early');
    const single = aMessage(['early', 'nobody']);
    const [first, second] = [aMessage(['early']), aMessage(['early'], { body: 'second' })];
    const batch = { batchId: 'early-batch', messages: [first, second] };

    const none = await recall(single.messageId);
    await recall(first.messageId, { batchId: 'early-batch' });
    const answer = await service.server.call('POST', '/v1/messages', single);
    const again = await service.server.call('POST', '/v1/messages', single);
    const ofBatch = await service.server.call('POST', '/v1/messages', batch);

    expect(none).toEqual({
      messageId: single.messageId,
      recalled: true,
      stopped: 0,
      withdrawn: 0,
      pushed: 0,
    });
    expect(answer).toMatchObject({
      duplicate: false,
      recipients: [
        { devices: [{ decision: 'skip', reason: 'recalled' }] },
        { reason: 'recalled', devices: [] },
      ],
    });
    expect(again).toEqual({ ...(answer as object), duplicate: true });
    expect(ofBatch).toMatchObject({
      messages: [
        { recipients: [{ devices: [{ reason: 'recalled' }] }] },
        { recipients: [{ devices: [{ reason: 'queued' }] }] },
      ],
    });
    const { tray, arrivals } = await shownOn(service, token);
    expect(tray).toMatchObject([{ body: 'Bob:second' }]);
    expect(arrivals).toHaveLength(1);
  });
});

describe('what is shown', () => {
  test.each(['xiaomi', 'harmony'] as const)(
    'is taken out of the tray by %s, and the trace tells',
    async (vendor) => {
      const { messageId, token } = await aShownMessage(vendor, `shown-${vendor}`);

      const answer = await recall(messageId);
      const trace = await traceWith(messageId, '"kind":"withdrawn"');

      expect(answer).toEqual({ messageId, recalled: true, stopped: 0, withdrawn: 1, pushed: 0 });
      expect(look(token)).toMatchObject({ tray: [], withdrawn: 1 });
      expect(trace).toMatchObject({
        devices: [
          {
            decision: 'push',
            outcomes: [{ kind: 'accepted' }],
            recall: { action: 'withdraw', outcomes: [{ kind: 'withdrawn' }] },
          },
        ],
      });
    },
  );

  test('is taken back under the id the message gave it', async () => {
    const pushConfig = { pushPayload: JSON.stringify({ xiaomiField: { notify_id: 77 } }) };
    const { messageId, token } = await aShownMessage('xiaomi', 'own-id', { pushConfig });
    expect(look(token).tray).toMatchObject([{ notifyId: 77 }]);

    await recall(messageId);
    await traceWith(messageId, '"kind":"withdrawn"');

    expect(look(token).tray).toEqual([]);
  });

  test('is taken back though the user is connected by now', async () => {
    const { messageId, token } = await aShownMessage('xiaomi', 'back');
    await service.server.call('PUT', '/v1/accounts/back/devices/phone/presence', {
      state: 'foreground',
    });

    expect(await recall(messageId, { pushContent: 'gone' })).toMatchObject({
      withdrawn: 1,
      pushed: 0,
    });
    await traceWith(messageId, '"kind":"withdrawn"');

    expect(look(token).tray).toEqual([]);
  });

  test.each(VENDORS)(
    'is overwritten at %s where the recall has a text, once however often it is called',
    async (vendor) => {
      const { messageId, token } = await aShownMessage(vendor, `text-${vendor}`);
      const words = { pushContent: 'recalled a message' };

      const answer = await recall(messageId, words);
      const again = await recall(messageId, words);
      const trace = await traceWith(messageId, '"action":"push"');
      const { tray } = await until(
        () => look(token),
        (phone) => phone.arrivals.length > 1,
      );

      expect(answer).toEqual({ messageId, recalled: true, stopped: 0, withdrawn: 0, pushed: 1 });
      expect(again).toEqual(answer);
      expect(trace).toMatchObject({ devices: [{ recall: { action: 'push', reason: 'queued' } }] });
      expect(tray).toMatchObject([{ body: expect.stringContaining('Bob:recalled a message') }]);
      expect(look(token).arrivals).toHaveLength(2);
    },
  );

  test('stays where the vendor takes nothing back and the recall says nothing', async () => {
    const { messageId, token } = await aShownMessage('huawei', 'stays');

    const answer = await recall(messageId, { pushContent: '' });

    expect(answer).toMatchObject({ withdrawn: 0, pushed: 0 });
    expect(look(token).tray).toHaveLength(1);
  });

  test('a text of more than 500 characters is cut, and carries its own payload and nick', async () => {
    const { messageId, token } = await aShownMessage('huawei', 'long');

    await recall(messageId, {
      pushContent: `${'x'.repeat(499)}😀`,
      pushPayload: JSON.stringify({ reason: 'regret' }),
      sender: { accountId: 'admin', nick: 'Admin' },
    });
    const [request] = await until(
      () => requestsWith(service, 'huawei', 'regret'),
      (found) => found.length > 0,
    );

    expect(request?.body).toContain('Admin:');
    expect(request?.body).not.toContain('\ud83d');
    expect((await shownOn(service, token)).tray).toHaveLength(1);
  });
});
