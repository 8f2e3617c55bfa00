import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { sha256 } from '../../lib/aws/fingerprint';
import { createUnreadStore } from '../../lib/aws/unread-store';
import { DAY_MS } from '../../lib/model/time';
import type { UnreadMember } from '../../lib/model/unread';
import { badgeOf, shortName, stackOf } from '../../lib/rules/unread';
import { type Aws, after, startAws } from '../support/aws';
import { NOW } from '../support/builders';

let aws: Aws;
let store: ReturnType<typeof createUnreadStore>;
beforeAll(async () => {
  aws = await startAws();
  store = createUnreadStore(aws.dynamoDb, 'devices', { now: () => NOW });
});
afterAll(() => aws.close());

const TEAM = shortName('team', sha256);

const countOf = (deviceId: string, since = 0) => ({
  appKey: 'app-1',
  accountId: 'bob',
  deviceId,
  since,
});

function aMember(message: number, changes: Partial<UnreadMember> = {}): UnreadMember {
  const sentAt = NOW + message;
  const own = shortName(`m${message}`, sha256);
  return { conversation: TEAM, message: own, sentAt, notifyId: 7, counts: true, ...changes };
}

const operationsOf = async (act: () => Promise<unknown>) =>
  (await aws.wire.watch(act)).map(({ operation }) => operation);

test('each message is added once, and all that is unread is answered', async () => {
  await store.add(countOf('phone'), aMember(1));
  await store.add(countOf('phone'), aMember(2));

  const again = await store.add(countOf('phone'), aMember(1));

  expect(again.members).toHaveLength(2);
  expect(again.members).toEqual(expect.arrayContaining([aMember(1), aMember(2)]));
});

test('adding is one write', async () => {
  expect(await operationsOf(() => store.add(countOf('cheap'), aMember(1)))).toEqual(['UpdateItem']);
});

test('a report of the device begins a new count', async () => {
  await store.add(countOf('looked'), aMember(1));

  const { members } = await store.add(countOf('looked', NOW), aMember(2));

  expect(members).toEqual([aMember(2)]);
});

test('a count is forgotten 30 days after the last message was added', async () => {
  await store.add(countOf('old'), aMember(1));

  const Key = { pk: 'unread/app-1/bob/old/0' };
  const { Item } = await aws.aside.send(new GetCommand({ TableName: 'devices', Key }));

  expect(Item?.['expiresAt']).toBe((NOW + 30 * DAY_MS) / 1000);
});

test('messages added at once are all counted', async () => {
  const told = Array.from({ length: 20 }, (_, index) => aMember(index));

  const answers = await Promise.all(told.map((one) => store.add(countOf('busy'), one)));

  expect(answers.map((unread) => badgeOf(0, unread)).sort((a, b) => a - b)).toEqual(
    told.map((_, index) => index + 1),
  );
});

test('of very many the oldest become a number, and none is lost', async () => {
  const answers = [];
  for (let number = 1; number <= 420; number += 1) {
    answers.push(await store.add(countOf('full'), aMember(number)));
  }

  expect(answers.map((unread) => badgeOf(0, unread))).toEqual(answers.map((_, index) => index + 1));
  expect(answers.map((unread, index) => stackOf(unread, aMember(index + 1), 1).count)).toEqual(
    answers.map((_, index) => index + 1),
  );
  expect(Math.max(...answers.map(({ members }) => members.length))).toBe(201);
});

test('two who find too many at once fold them once', async () => {
  for (let number = 1; number <= 200; number += 1)
    await store.add(countOf('race'), aMember(number));
  aws.wire.next('UpdateItem', async (_body, goOn) => {
    const answer = await goOn();
    await store.add(countOf('race'), aMember(202));
    return answer;
  });

  await store.add(countOf('race'), aMember(201));

  const [unread] = await store.read([countOf('race')]);
  expect(unread && badgeOf(0, unread)).toBe(202);
  expect(unread?.folded[TEAM]?.messages).toBe(102);
});

test('what was read is taken out, with what was folded of it', async () => {
  for (let number = 1; number <= 201; number += 1)
    await store.add(countOf('read'), aMember(number));
  const other = aMember(900, { conversation: shortName('alice', sha256) });
  await store.add(countOf('read'), other);

  await store.remove(countOf('read'), TEAM, NOW + 200);

  const [unread] = await store.read([countOf('read')]);
  expect(unread?.members.map(({ sentAt }) => sentAt - NOW).sort()).toEqual([201, 900]);
  expect(unread?.folded).toEqual({});
});

test('a message that comes while others are taken out stays', async () => {
  await store.add(countOf('meanwhile'), aMember(1));
  aws.wire.next(
    'UpdateItem',
    after(() => store.add(countOf('meanwhile'), aMember(2))),
  );

  await store.remove(countOf('meanwhile'), TEAM, NOW + 1);

  expect((await store.read([countOf('meanwhile')]))[0]?.members).toEqual([aMember(2)]);
});

test('two reports of what was read take out once, and the second finds nothing', async () => {
  await store.add(countOf('twice'), aMember(1));

  await Promise.all([
    store.remove(countOf('twice'), TEAM, NOW + 1),
    store.remove(countOf('twice'), TEAM, NOW + 1),
  ]);
  const calls = await operationsOf(() => store.remove(countOf('twice'), TEAM, NOW + 1));

  expect((await store.read([countOf('twice')]))[0]).toEqual({ members: [], folded: {} });
  expect(calls).toEqual(['GetItem']);
});

test('many counts are read in one call, in their order', async () => {
  await store.add(countOf('second'), aMember(5));
  let read: Awaited<ReturnType<typeof store.read>> = [];

  const calls = await operationsOf(async () => {
    read = await store.read([countOf('nobody'), countOf('second')]);
  });

  expect(calls).toEqual(['BatchGetItem']);
  expect(read.map(({ members }) => members)).toEqual([[], [aMember(5)]]);
});

test('one message is taken out, in a race as well, and taking it out again writes nothing', async () => {
  const count = countOf('recalled');
  for (const number of [1, 2, 3]) await store.add(count, aMember(number));
  const [first, second] = [aMember(1), aMember(2)];
  aws.wire.next(
    'UpdateItem',
    after(() => store.removeMessage(count, TEAM, second.message)),
  );

  await store.removeMessage(count, TEAM, first.message);

  const again = await operationsOf(() => store.removeMessage(count, TEAM, first.message));
  expect(await store.read([count])).toEqual([{ members: [aMember(3)], folded: {} }]);
  expect(again).toEqual(['GetItem']);
});
