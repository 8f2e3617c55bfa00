import { ApiClient } from '../../local/api-client';
import { logIn, reasonsIn } from '../support/journeys';
import { aMessage, type Service, startService } from '../support/service';
import { callWith, type Signature, signature } from '../support/signed-call';

let service: Service;
let url: string;
beforeAll(async () => {
  service = await startService();
  url = service.machine.stack.url;
});
afterAll(() => service.close());

const signed = (changes?: Signature) => signature(service.machine.app, changes);
const refused = (detail: string) => ({
  status: 401,
  body: expect.objectContaining({ title: 'Not authenticated', detail }),
});

describe('a call with a CheckSum', () => {
  test('is a call of the server: events are taken and decided', async () => {
    await logIn(service, 'alice');

    const sent = await callWith(signed(), `${url}/v1/messages`, 'POST', aMessage(['alice']));
    const seen = await callWith(signed(), `${url}/v1/accounts/alice`);

    expect(sent.status).toBe(202);
    expect(reasonsIn(sent.body)).toEqual(['queued']);
    expect(seen).toMatchObject({ status: 200, body: { accountId: 'alice' } });
  });

  test('is taken once', async () => {
    const headers = signed();
    const message = aMessage(['nobody']);
    const post = () => callWith(headers, `${url}/v1/messages`, 'POST', message);

    expect(await post()).toMatchObject({ status: 202 });
    expect(await post()).toEqual(refused('the Nonce was used before'));
    expect(await callWith(headers, `${url}/v1/accounts/nobody`)).toEqual(
      refused('the Nonce was used before'),
    );
  });

  test('is taken once by all functions together, however many try at the same time', async () => {
    const headers = signed();
    const paths = ['/v1/accounts/nobody', '/v1/messages/none/trace'];

    const answers = await Promise.all(
      [...paths, ...paths, ...paths].map((path) => callWith(headers, `${url}${path}`)),
    );

    // neither of both is there, but who asks first is let through
    expect(answers.map(({ status }) => status).filter((status) => status !== 401)).toEqual([404]);
  });

  test.each([-301, 301])('is refused when its clock is %i s off', async (seconds) => {
    const curTime = String(Math.floor(Date.now() / 1000) + seconds + Math.sign(seconds) * 5);

    expect(await callWith(signed({ curTime }), `${url}/v1/accounts/alice`)).toEqual(
      refused('CurTime is more than 5 minutes from the time here'),
    );
  });

  test('is refused when it is signed with another secret, or for another app', async () => {
    const { app } = service.machine;
    const wrong = { key: app.key, secret: 'guessed' };
    const mixed = { key: app.key, secret: service.otherApp.secret };

    for (const credentials of [wrong, mixed, { key: 'no-app', secret: app.secret }]) {
      const answer = await callWith(signature(credentials), `${url}/v1/accounts/alice`);
      expect(answer).toEqual(refused('the CheckSum is wrong'));
    }
  });

  test('reaches the accounts of its own app only', async () => {
    await logIn(service, 'mine');

    expect(await callWith(signature(service.otherApp), `${url}/v1/accounts/mine`)).toMatchObject({
      status: 404,
    });
  });

  test('is not good for what an admin does', async () => {
    for (const path of ['/v1/app', '/v1/certificates']) {
      expect(await callWith(signed(), `${url}${path}`)).toMatchObject({
        status: 403,
        body: { detail: 'this call needs the scope admin' },
      });
    }
  });

  test('leaves neither its secret nor its checksum in a log line or an answer', async () => {
    const headers: Record<string, string> = { ...signed(), Nonce: 'another nonce' };

    const answer = await callWith(headers, `${url}/v1/accounts/alice`);

    const told = JSON.stringify(answer) + service.logs.join('\n');
    expect(told).not.toContain(headers['CheckSum']);
    expect(told).not.toContain(service.machine.app.secret);
  });
});

describe('a team', () => {
  const members = (teamId: string) => `/v1/teams/${encodeURIComponent(teamId)}/members`;

  test('is told, changed and forgotten', async () => {
    const { server } = service;
    const path = members('群 1');

    const told = await server.call('PUT', path, { members: ['a', 'b', 'a'], managers: ['c'] });
    const grown = await server.call('PATCH', path, { add: ['d', 'e'], removeManagers: ['c'] });
    const shrunk = await server.call('PATCH', path, { remove: ['a', 'x'], addManagers: ['f'] });
    const replaced = await server.call('PUT', path, { members: ['z'] });

    const answers = [told, grown, shrunk, replaced];
    expect(answers).toEqual([3, 5, 5, 1].map((count) => ({ teamId: '群 1', members: count })));
    expect(await server.try('DELETE', path)).toEqual({ status: 204, body: undefined });
    expect(await server.try('DELETE', path)).toMatchObject({ status: 204 });
    expect(await server.try('PATCH', path, { add: ['a'] })).toMatchObject({ status: 404 });
  });

  test('may be empty, and may have ten thousand members, not one more', async () => {
    const { server } = service;
    const crowd = Array.from({ length: 10_000 }, (_, index) => `member-${index}`);
    const path = members('crowded');
    const tooMany = { status: 400, body: { errors: [{ path: 'add' }] } };

    expect(await server.call('PUT', path, { members: [] })).toMatchObject({ members: 0 });
    expect(await server.call('PUT', path, { members: crowd })).toMatchObject({ members: 10_000 });
    expect(await server.try('PATCH', path, { add: ['x'] })).toMatchObject(tooMany);
    expect(await server.call('PATCH', path, { add: ['x'], remove: ['member-0'] })).toMatchObject({
      members: 10_000,
    });
    expect(await server.try('PUT', path, { members: crowd, managers: ['x'] })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'members' }] },
    });
    expect(await server.try('PUT', path, { members: [...crowd, 'x'] })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'members', message: 'must have at most 10000 entries' }] },
    });
  });

  test('of one app is none of another', async () => {
    const other = await service.as('server', undefined, service.otherApp);
    const path = members('shared');
    await service.server.call('PUT', path, { members: ['a', 'b'] });

    expect(await other.try('PATCH', path, { add: ['c'] })).toMatchObject({ status: 404 });
    expect(await other.try('DELETE', path)).toMatchObject({ status: 204 });
    expect(await service.server.call('PATCH', path, {})).toMatchObject({ members: 2 });
  });

  test('loses none of many changes at the same time', async () => {
    const path = members('busy');
    await service.server.call('PUT', path, { members: [] });
    const add = (id: string) =>
      callWith(signed(), `${url}${path}`, 'PATCH', { add: [id] }).then(({ status }) => status);

    const statuses = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(add));

    expect(statuses).toEqual(new Array(6).fill(200));
    expect(await service.server.call('PATCH', path, {})).toMatchObject({ members: 6 });
  });

  test.each<[string, string, unknown, string]>([
    ['PUT', 'no members', {}, 'members'],
    ['PUT', 'a member that is a number', { members: ['a', 7] }, 'members[1]'],
    ['PUT', 'an unknown field', { members: [], owner: 'a' }, 'owner'],
    ['PATCH', 'an id with a slash', { add: ['a/b'] }, 'add[0]'],
    ['PATCH', 'an unknown field', { members: ['a'] }, 'members'],
    ['PATCH', 'managers that are no list', { addManagers: 'a' }, 'addManagers'],
  ])('%s with %s is refused by the field', async (method, _case, body, path) => {
    await service.server.call('PUT', members('strict'), { members: ['a'] });

    expect(await service.server.try(method, members('strict'), body)).toMatchObject({
      status: 400,
      body: { errors: [{ path }] },
    });
  });

  test('is for servers: a device may not, and an id that is too long is refused', async () => {
    const device = await service.as('device', 'alice');
    const body = { members: ['alice'] };

    expect(await device.try('PUT', members('t'), body)).toMatchObject({ status: 403 });
    expect(await new ApiClient(url, 'nonsense').try('PUT', members('t'), body)).toMatchObject({
      status: 401,
    });
    expect(await service.server.try('PUT', members('t'.repeat(129)), body)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'teamId' }] },
    });
  });
});
