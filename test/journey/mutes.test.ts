import type { ApiClient } from '../../local/api-client';
import { logIn } from '../support/journeys';
import { type Service, startService } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const account = (accountId: string) => `/v1/accounts/${accountId}`;
const mute = (accountId: string, conversation: string) =>
  `${account(accountId)}/mutes/${encodeURIComponent(conversation)}`;
const view = (accountId: string) => service.server.call('GET', account(accountId));

/** A phone that is logged in, and its user. */
async function user(accountId: string): Promise<ApiClient> {
  await logIn(service, accountId);
  return service.as('device', accountId);
}

test('are set, changed and ended by the user', async () => {
  const lena = await user('lena');

  const answers = [
    await lena.call('PUT', mute('lena', 'team 1')),
    await lena.call('PUT', mute('lena', 'team 2'), { mute: 'except-mentions' }),
    await lena.call('PUT', mute('lena', 'team 3'), { mute: 2, colour: 'red' }),
    await lena.call('PUT', mute('lena', 'team 2'), { mute: 0 }),
  ];
  const ended = [
    await lena.try('DELETE', mute('lena', 'team 1')),
    await lena.try('DELETE', mute('lena', 'team 1')),
  ];

  expect(answers).toEqual([
    { conversationId: 'team 1', mute: 'all' },
    { conversationId: 'team 2', mute: 'except-mentions' },
    {
      conversationId: 'team 3',
      mute: 'except-managers',
      warnings: [expect.stringContaining('colour')],
    },
    { conversationId: 'team 2', mute: null },
  ]);
  expect(ended).toEqual([{ status: 204 }, { status: 204 }]);
  expect(await view('lena')).toMatchObject({ mutes: { 'team 3': 'except-managers' } });
});

test('of an account nobody knows are a 404 to its user; ending one is well', async () => {
  const nobody = await service.as('device', 'nobody');

  expect(await nobody.try('PUT', mute('nobody', 'c'))).toMatchObject({ status: 404 });
  expect(await nobody.try('DELETE', mute('nobody', 'c'))).toEqual({ status: 204 });
  expect(await service.server.try('PUT', mute('before-login', 'c'))).toMatchObject({
    status: 200,
  });
  expect(await view('before-login')).toMatchObject({ mutes: { c: 'all' }, devices: [] });
});

test('beyond 32 are told of, and come back into view as others end', async () => {
  const mia = await user('mia');
  for (let number = 0; number < 34; number++) await mia.call('PUT', mute('mia', `c${number}`));
  const full = await view('mia');
  await mia.call('DELETE', mute('mia', 'c33'));
  await mia.call('DELETE', mute('mia', 'c0'));

  expect(full).toMatchObject({ hasMoreMutes: true });
  expect(JSON.stringify(full)).not.toContain('c32');
  expect(await view('mia')).toMatchObject({ hasMoreMutes: false, mutes: { c32: 'all' } });
});
