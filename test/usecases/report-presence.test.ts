import { createAccountStore } from '../../lib/aws/account-store';
import { createAppRegistry } from '../../lib/aws/app-registry';
import { createAppStore } from '../../lib/aws/app-store';
import { createEnvelope } from '../../lib/aws/envelope';
import { ConflictError } from '../../lib/model/errors';
import type { RegisterPorts } from '../../lib/usecases/register-device';
import { reportOwnPresence, reportPresenceEvents } from '../../lib/usecases/report-presence';
import { type Aws, type Interception, refuseWith, startAws } from '../support/aws';

const APP = 'app-1';
const NOW = Date.now();

let aws: Aws;
let ports: RegisterPorts;
beforeAll(async () => {
  aws = await startAws();
  const envelope = createEnvelope(aws.kms, aws.keyId);
  await createAppRegistry(aws.dynamoDb, 'settings', envelope).create(APP, 'a secret');
  ports = {
    accounts: createAccountStore(aws.dynamoDb, 'devices'),
    apps: createAppStore(aws.dynamoDb, 'settings'),
    clock: { now: () => NOW },
  };
});
afterAll(() => aws.close());

const login = (accountId: string, deviceId = 'd1') => ({
  accountId,
  event: { deviceId, event: 'login', at: NOW, witness: { kind: 'none' } } as const,
});

const LOST_RACE = refuseWith('ConditionalCheckFailedException');

/** The account whose writes are refused, and how. */
let contended = { accountId: '', refuse: LOST_RACE };
beforeAll(() => {
  const interception: Interception = (body, goOn) =>
    JSON.stringify(body).includes(`${APP}/${contended.accountId}"`)
      ? contended.refuse(body, goOn)
      : goOn();
  // more writes than there are
  for (let writes = 0; writes < 100; writes++) aws.wire.next('PutItem', interception);
});

test('an account that others keep changing fails none but its own events', async () => {
  contended = { accountId: 'busy', refuse: LOST_RACE };

  const results = await reportPresenceEvents(
    APP,
    [login('calm'), login('busy'), login('other'), login('busy', 'd2')],
    ports,
  );

  expect(results).toEqual(['applied', 'conflict', 'applied', 'conflict']);
  expect(await ports.accounts.get(APP, 'busy')).toBeUndefined();
  expect(Object.keys((await ports.accounts.get(APP, 'other'))?.devices ?? {})).toEqual(['d1']);
});

test('a report about one device is a conflict of its own', async () => {
  await reportPresenceEvents(APP, [login('single')], ports);
  contended = { accountId: 'single', refuse: LOST_RACE };

  const report = { state: 'background', at: NOW + 1, leaseSeconds: 60 } as const;
  await expect(
    reportOwnPresence({ appKey: APP, accountId: 'single', deviceId: 'd1' }, report, ports),
  ).rejects.toThrow(ConflictError);
});

test('what is wrong with the store fails the whole list', async () => {
  contended = { accountId: 'unstored', refuse: refuseWith('ValidationException') };

  await expect(reportPresenceEvents(APP, [login('unstored')], ports)).rejects.toThrow('refused');
});
