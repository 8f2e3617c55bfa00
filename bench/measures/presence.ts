import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { createAccountStore } from '../../lib/aws/account-store';
import { observeAwsCalls } from '../../lib/aws/call-units';
import { createDynamoDb } from '../../lib/aws/clients';
import { chunk } from '../../lib/model/chunk';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/model/time';
import { reportPresenceEvents } from '../../lib/usecases/report-presence';
import { startDynamoDb } from '../../local/dynamodb/dynamodb-server';
import { notNeeded } from '../in-memory/not-needed';
import { APP, APP_KEY } from '../loops/scene';
import { countAtMost, type Part, type Row, rounded } from '../report/part';

/** A node beats so often: a few beats may get lost before its silence ends what it vouches for, after 400 s. */
const BEAT_MS = 100 * SECOND_MS;
/** In a day: comes, goes to the background and back. */
const CHANGES = ['login', 'background', 'foreground'] as const;
const NODE_SIZES = [250, 500];
const CHANGE_MS = 10 * MINUTE_MS;
const MOST_EVENTS_A_CALL = 500;
const TABLE = 'devices';
const BEYOND = 'beyond real changes';

/** How many writes the presence of connected devices costs in a day, with IM server nodes that vouch for them. */
export const presence: Part = {
  name: 'presence',
  async run() {
    const rows: Row[] = [];
    for (const devices of NODE_SIZES) rows.push(await countPresenceWrites(devices));
    return [{ key: 'presenceWrites', title: 'Presence writes per connected device and day', rows }];
  },
};

/** Plays a day of one node with so many devices, each on an account of its own, and counts what is written. */
export async function countPresenceWrites(devices: number): Promise<Row> {
  const database = await startDynamoDb();
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'anybody',
    AWS_SECRET_ACCESS_KEY: 'anything',
    AWS_ENDPOINT_URL_DYNAMODB: database.url,
  });
  const client = createDynamoDb();
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  let writes = 0;
  observeAwsCalls(({ operation }) => {
    if (!/Get/.test(operation)) writes += 1;
  });
  const clock = { at: Date.now(), now: () => clock.at };
  const accounts = createAccountStore(client, TABLE, clock);
  const apps = {
    get: async () => APP,
    getFresh: notNeeded,
    getKnowing: notNeeded,
    changeSettings: notNeeded,
  };
  const began = clock.at;
  let changes = 0;
  let beats = 0;
  for (; clock.at < began + DAY_MS; clock.at += BEAT_MS) {
    await accounts.saveHeartbeats(APP_KEY, [{ node: 'node-1', epoch: '1', at: clock.at }]);
    beats += 1;
    const change = CHANGES[changes];
    if (change === undefined || clock.at < began + changes * CHANGE_MS) continue;
    changes += 1;
    const events = Array.from({ length: devices }, (_, index) => ({
      accountId: `m${index}`,
      event: {
        deviceId: 'd',
        event: change,
        at: clock.at,
        witness: { kind: 'node', node: 'node-1', epoch: '1' },
      } as const,
    }));
    for (const some of chunk(events, MOST_EVENTS_A_CALL)) {
      await reportPresenceEvents(APP_KEY, some, { accounts, apps, clock });
    }
  }
  observeAwsCalls(() => undefined);
  client.destroy();
  await database.close();
  return {
    figures: {
      measure: `a node with ${devices} devices`,
      heartbeats: beats,
      'changes per device': changes,
      writes,
      'writes per device': rounded(writes / devices),
      [BEYOND]: rounded(writes / devices - changes),
    },
    goals: [countAtMost(BEYOND, 4)],
  };
}
