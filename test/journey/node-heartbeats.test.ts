import { decide, logIn } from '../support/journeys';
import { type Service, startService, until } from '../support/service';

const SILENCE_MS = 400_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const report = (body: unknown) => service.server.call('POST', '/v1/presence', body);

/** A claim that `d1` of an account is in the foreground, made so long ago. */
const claim = (accountId: string, agoMs: number, witness: object = {}) => ({
  accountId,
  deviceId: 'd1',
  event: 'foreground',
  at: Date.now() - agoMs,
  ...witness,
});

test('a claim holds for as long as its node beats', async () => {
  const old = claim('beating', SILENCE_MS + 100_000, { node: 'n1', epoch: 'e1' });
  await logIn(service, 'beating');
  await report({ events: [old] });
  const before = await decide(service, 'beating');

  await report({ node: 'n1', epoch: 'e1', at: Date.now() - SILENCE_MS + 60_000 });
  const beating = await decide(service, 'beating');
  await report({ heartbeats: [{ node: 'n1', epoch: 'e1', at: Date.now() }] });

  expect(before).toEqual(['queued']);
  expect(beating).toEqual(['foreground']);
  expect(await decide(service, 'beating')).toEqual(['foreground']);
});

test('a node that falls silent takes its claims with it: the phone counts as without network', async () => {
  const token = await logIn(service, 'silenced');
  const at = Date.now() - SILENCE_MS - 1_000;
  await report({
    node: 'n2',
    epoch: 'e1',
    at,
    events: [claim('silenced', SILENCE_MS + 1_000)],
  });

  expect(await service.server.call('GET', '/v1/accounts/silenced')).toMatchObject({
    devices: [{ presence: { state: 'disconnected', appState: 'foreground' } }],
  });
  expect(await decide(service, 'silenced')).toEqual(['queued']);
  const phone = await until(
    () => service.machine.simulators.phones.look(token),
    ({ tray }) => tray.length === 1,
  );
  expect(phone.tray).toHaveLength(1);
});

test.each([
  ['a new epoch of a node ends the claims of the last', 'e1'],
  ['a claim that names no epoch ends with the process it was made to', undefined],
])('%s', async (_name, epoch) => {
  const [account, node] = [`epoch-${epoch}`, `node-${epoch}`];
  await logIn(service, account);
  await report({
    heartbeats: [{ node, epoch: 'e1', at: Date.now() - 30_000 }],
    events: [claim(account, 20_000, { node, ...(epoch && { epoch }) })],
  });
  const before = await decide(service, account);

  await report({ heartbeats: [{ node, epoch: 'e2', at: Date.now() - 10_000 }] });
  const after = await decide(service, account);
  await report({ heartbeats: [{ node, epoch: 'e1', at: Date.now() - 15_000 }] });

  expect(before).toEqual(['foreground']);
  expect(after).toEqual(['queued']);
  expect(await decide(service, account)).toEqual(['queued']);
});

test('the node of another app that has the same name keeps nobody connected', async () => {
  const other = await service.as('server', undefined, service.otherApp);
  await logIn(service, 'namesake');
  await report({ events: [claim('namesake', SILENCE_MS + 1_000, { node: 'n3', epoch: 'e1' })] });

  await other.call('POST', '/v1/presence', { node: 'n3', epoch: 'e1' });

  expect(await decide(service, 'namesake')).toEqual(['queued']);
});

test('one call carries beats of many nodes, and says how many it kept', async () => {
  const heartbeats = ['n4', 'n5'].map((node) => ({ node, epoch: 7 }));
  await Promise.all(['here', 'there'].map((account) => logIn(service, account)));

  const answer = await report({
    node: 'n6',
    epoch: 'e1',
    heartbeats,
    events: [
      claim('here', SILENCE_MS + 1_000, { node: 'n4', epoch: 7 }),
      claim('there', SILENCE_MS + 1_000, { node: 'n5', epoch: '7' }),
    ],
  });

  expect(answer).toMatchObject({ heartbeats: 3 });
  expect(await decide(service, 'here')).toEqual(['foreground']);
  expect(await decide(service, 'there')).toEqual(['foreground']);
});
