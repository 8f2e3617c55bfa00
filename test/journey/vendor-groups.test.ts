import { randomUUID } from 'node:crypto';
import { vendors } from '../../lib/vendors/registry';
import { jobOf, openQueues, type Queues } from '../support/queues';
import { aMessage, type Service, startService, until } from '../support/service';
import {
  channelOf,
  logInPhone,
  order,
  queueOf,
  sendTo,
  storyWith,
} from '../support/vendor-journeys';
import { VENDORS, type Vendor } from '../support/vendor-phones';

const MEMBERS = 120;
const GROUP = {
  conversation: { id: 'team', type: 'team', name: '火锅群🍲' },
  body: '今晚八点老地方见',
};

let service: Service;
let queues: Queues;
beforeAll(async () => {
  service = await startService();
  queues = openQueues(service);
});
// a busy machine takes its time to end what is under way
afterAll(async () => {
  queues.close();
  await service.close();
}, 90_000);

const look = (token: string) => service.machine.simulators.phones.look(token);

/** Requests a vendor should need for so many tokens of one content; vivo's lists need the body to be saved before. */
function requestsFor(vendor: Vendor, tokens: number): number {
  const requests = Math.ceil(tokens / vendors[vendor].limits.tokensPerRequest);
  return vendor === 'vivo' ? requests + 1 : requests;
}

test.each(VENDORS)(
  'a group with some dead tokens of %s is settled token by token',
  async (vendor) => {
    const { simulators } = service.machine;
    const members = await Promise.all(
      Array.from({ length: MEMBERS }, async (_, index) => {
        const account = `${vendor}-member-${index}`;
        return { account, token: await logInPhone(service, vendor, account) };
      }),
    );
    const dead = members.filter((_, index) => index % 10 === 3);
    const living = members.filter((member) => !dead.includes(member));
    simulators[vendor].reset();
    order(service, vendor, { deadTokens: dead.map(({ token }) => token) });

    const messageId = await sendTo(
      service,
      members.map(({ account }) => account),
      GROUP,
    );
    await until(
      () => living.every(({ token }) => look(token).tray.length > 0),
      (areAllShown) => areAllShown,
    );
    // some vendors say it only in a receipt
    const channels = await Promise.all(
      dead.map(({ account }) =>
        until(
          () => channelOf(service, account),
          ({ tokens }) => tokens === 0,
        ),
      ),
    );

    expect(channels).toEqual(dead.map(() => ({ vendor: null, tokens: 0 })));
    expect(living.map(({ token }) => look(token).arrivals.length)).toEqual(living.map(() => 1));
    const texts = living.flatMap(({ token }) => look(token).tray);
    expect(new Set(texts.map(({ title, body }) => `${title} | ${body}`))).toEqual(
      new Set(['火锅群🍲 | Bob:今晚八点老地方见']),
    );
    expect(dead.flatMap(({ token }) => look(token).arrivals)).toEqual([]);
    for (const { account } of living.slice(0, 3)) {
      expect(await channelOf(service, account)).toEqual({ vendor, tokens: 1 });
      expect(await storyWith(service, messageId, account, 'accepted')).toMatchObject({
        outcomes: [{ kind: 'accepted' }],
      });
    }
    for (const { account } of dead.slice(0, 3)) {
      const { outcomes, receipts } = await storyWith(service, messageId, account, 'token-invalid');
      const told = vendor === 'xiaomi' ? receipts : outcomes;
      expect(told.map(({ kind }) => kind)).toEqual(['token-invalid']);
    }
    expect(simulators[vendor].counters()).toMatchObject({
      requests: requestsFor(vendor, MEMBERS),
      refusedByRate: 0,
    });
  },
);

const OF_MANY = VENDORS.filter((vendor) => vendors[vendor].limits.tokensPerRequest > 1);

test.each(OF_MANY)('as many tokens go into one request as %s takes', async (vendor) => {
  const { simulators } = service.machine;
  const tokens = Array.from({ length: 1_050 }, (_, index) => `${vendor}t${index}`);
  simulators[vendor].reset();
  const job = jobOf(service, aMessage(['nobody'], GROUP), { accountId: 'nobody', token: '' });
  const [push] = job.pushes;
  const [target] = push.targets;
  const targets = tokens.map((token, index) => ({ ...target, accountId: `n${index}`, token }));

  await queues.send(queueOf(vendor, 'Bulk'), {
    ...job,
    jobId: randomUUID(),
    vendor,
    certificate: vendor,
    lane: 'bulk',
    pushes: [{ ...push, targets }],
  });
  await until(
    () => tokens.every((token) => look(token).tray.length > 0),
    (areAllShown) => areAllShown,
  );

  expect(tokens.map((token) => look(token).arrivals.length)).toEqual(tokens.map(() => 1));
  expect(simulators[vendor].counters()).toMatchObject({
    requests: requestsFor(vendor, tokens.length),
    refusedByRate: 0,
  });
});
