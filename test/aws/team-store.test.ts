import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { createTeamStore } from '../../lib/aws/team-store';
import { ConflictError } from '../../lib/model/errors';
import { MAX_TEAM_MEMBERS, type Team, type TeamStore } from '../../lib/model/team';
import { changeTeam, teamOf } from '../../lib/rules/team';
import { type Aws, after, refuseWith, startAws } from '../support/aws';

const APP = 'app-1';

let aws: Aws;
let store: TeamStore;
beforeAll(async () => {
  aws = await startAws();
  store = createTeamStore(aws.dynamoDb, 'settings');
});
afterAll(() => aws.close());

const people = (count: number, prefix = 'member') =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const put = (team: Team, appKey = APP) => store.update(appKey, team.teamId, () => team);
const remove = (teamId: string) => store.update(APP, teamId, () => undefined);
const add = (teamId: string, ...ids: string[]) =>
  store.update(APP, teamId, (team) => team && changeTeam(team, { add: ids }));

/** Everything that lies there for a team. */
async function itemsOf(teamId: string) {
  const { Items = [] } = await aws.aside.send(
    new QueryCommand({
      TableName: 'settings',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `team/${APP}/${teamId}` },
    }),
  );
  return Items;
}

/** What one act writes: the sort keys of the items put or deleted in one go. */
async function writesOf(act: () => Promise<unknown>): Promise<readonly string[][]> {
  const calls = await aws.wire.watch(act);
  return calls
    .filter(({ operation }) => operation === 'TransactWriteItems')
    .map(({ body }) =>
      Array.from(JSON.stringify(body).matchAll(/"sk":\{"S":"([^"]+)"\}/g), ([, key = '']) => key),
    );
}

test('a team is read as it was written, whatever its size', async () => {
  for (const count of [0, 1, 999, 1_000, 1_001, 2_500]) {
    const members = people(count);
    const team = teamOf(
      `of-${count}`,
      members,
      members.filter((_, index) => index % 900 === 1),
    );

    await put(team);

    expect(await store.get(APP, team.teamId)).toEqual(team);
  }
});

test('any names are kept as they are', async () => {
  const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
  await fc.assert(
    fc.asyncProperty(fc.array(name), fc.array(name), async (members, managers) => {
      const team = teamOf('named', members, managers);
      await put(team);
      expect(await store.get(APP, 'named')).toEqual(team);
    }),
    { numRuns: 20 },
  );
});

test('the largest team of the longest ids fits', async () => {
  // a thousand such ids do not deflate to much less
  const members = Array.from({ length: MAX_TEAM_MEMBERS }, (_, index) =>
    Array.from({ length: 128 }, (_, at) =>
      String.fromCharCode(0x4e00 + ((index * 7_919 + at * 104_729 + index * at * 31) % 20_000)),
    ).join(''),
  );
  const team = teamOf('largest', members, members);

  await put(team);

  expect(await store.get(APP, 'largest')).toEqual(team);
});

test('there is no team that nobody told of, nor one of another app', async () => {
  await put(teamOf('elsewhere', ['a']), 'app-2');

  expect(await store.get(APP, 'elsewhere')).toBeUndefined();
  expect(await remove('elsewhere')).toBeUndefined();
  expect(await store.get('app-2', 'elsewhere')).toEqual(teamOf('elsewhere', ['a']));
});

test('a team that is gone leaves nothing behind', async () => {
  await put(teamOf('gone', people(2_100)));

  await remove('gone');

  expect(await store.get(APP, 'gone')).toBeUndefined();
  expect(await itemsOf('gone')).toEqual([]);
});

test('a team that shrinks leaves no page behind', async () => {
  await put(teamOf('shrinking', people(3_000)));

  await put(teamOf('shrinking', people(10)));

  expect(await store.get(APP, 'shrinking')).toEqual(teamOf('shrinking', people(10)));
  expect((await itemsOf('shrinking')).map((item) => item['sk'])).toEqual(['head', 'members/0000']);
});

test('a change writes the pages it touches and no other, what changes nothing writes nothing', async () => {
  await put(teamOf('frugal', people(2_500)));

  expect(await writesOf(() => add('frugal', 'new'))).toEqual([['head', 'members/0002']]);
  expect(await writesOf(() => add('frugal', 'new'))).toEqual([]);
  expect(await writesOf(() => put(teamOf('frugal', [...people(2_500), 'new'])))).toEqual([]);
  expect(await writesOf(() => remove('nobody knows'))).toEqual([]);
});

test('of changes at the same time none is lost', async () => {
  await put(teamOf('busy', people(1_500)));
  const newcomers = people(12, 'newcomer');

  await Promise.all(newcomers.map((one) => add('busy', one)));

  const members = (await store.get(APP, 'busy'))?.members ?? [];
  expect([...members].sort()).toEqual([...people(1_500), ...newcomers].sort());
});

test('a change that meets another on its way is made to what that one left', async () => {
  await put(teamOf('met', ['a']));
  aws.wire.next(
    'TransactWriteItems',
    after(() => add('met', 'b')),
  );

  await add('met', 'c');

  expect(await store.get(APP, 'met')).toEqual(teamOf('met', ['a', 'b', 'c']));
});

test('a change of a team that is removed and made anew meanwhile is made to the new one', async () => {
  await put(teamOf('anew', people(1_500)));
  aws.wire.next(
    'TransactWriteItems',
    after(async () => {
      await remove('anew');
      await put(teamOf('anew', ['x']));
    }),
  );

  await add('anew', 'y');

  expect(await store.get(APP, 'anew')).toEqual(teamOf('anew', ['x', 'y']));
});

test('whoever reads while a change goes on reads all of it or none', async () => {
  const [before, changed] = [people(2_500, 'old'), people(2_500, 'new')];
  await put(teamOf('turning', before));
  // DynamoDB answers a query in parts: the change comes between two of them
  aws.wire.next('Query', async (body, goOn) => {
    const first = await goOn({ ...body, Limit: 2 });
    await put(teamOf('turning', changed));
    return first;
  });

  expect((await store.get(APP, 'turning'))?.members).toEqual(changed);
});

test('a change that comes after what was read is not needed to read it', async () => {
  await put(teamOf('growing', people(1_000)));
  aws.wire.next('Query', async (body, goOn) => {
    const first = await goOn({ ...body, Limit: 2 });
    await remove('growing');
    return first;
  });

  expect((await store.get(APP, 'growing'))?.members).toEqual(people(1_000));
});

test('a write that loses every race says so', async () => {
  await put(teamOf('unlucky', ['a']));
  const lose = refuseWith('TransactionCanceledException', {
    CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
  });
  for (let tries = 0; tries < 12; tries++) aws.wire.next('TransactWriteItems', lose);

  await expect(add('unlucky', 'b')).rejects.toThrow(ConflictError);
  expect(await store.get(APP, 'unlucky')).toEqual(teamOf('unlucky', ['a']));
});

test('a failure that is no lost race is not tried again', async () => {
  await put(teamOf('failing', ['a']));
  aws.wire.next('TransactWriteItems', refuseWith('ValidationException'));

  await expect(add('failing', 'b')).rejects.toThrow('refused');
  expect(await store.get(APP, 'failing')).toEqual(teamOf('failing', ['a']));
});
