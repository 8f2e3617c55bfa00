import { randomUUID } from 'node:crypto';
import { logIn, reasonsIn, storeCertificate } from '../support/journeys';
import { aV2Message } from '../support/nim-copies';
import { type Service, startService } from '../support/service';
import { callWith, signature } from '../support/signed-call';
import { shownOn } from '../support/vendor-journeys';

let service: Service;
beforeAll(async () => {
  service = await startService();
  await storeCertificate(service, 'xiaomi');
});
afterAll(() => service.close());

const PATH = '/v1/nim/messages';
const aForm = (changes: Readonly<Record<string, string>> = {}) => ({
  ...{ messageId: randomUUID(), msgTimestamp: String(Date.now()), from: 'bob', fromNick: 'Bob' },
  ...{ ope: '0', to: 'alice', type: '0', body: '{"msg":"test text message"}' },
  ...changes,
});

/** Posts a form, signed as NIM's calls are. */
async function postForm(form: Readonly<Record<string, string>>) {
  const answer = await fetch(`${service.machine.stack.url}${PATH}`, {
    method: 'POST',
    headers: signature(service.machine.app),
    body: new URLSearchParams(form),
  });
  const body: unknown = await answer.json();
  return { status: answer.status, body };
}

test('a form of V1 is pushed, and answered like any message; the same again is the same', async () => {
  const token = await logIn(service, 'alice');
  const form = aForm();

  const first = await postForm(form);
  const second = await postForm(form);

  expect(first).toMatchObject({
    status: 202,
    body: { messageId: form.messageId, duplicate: false },
  });
  expect(reasonsIn(first.body)).toEqual(['queued']);
  expect(second).toMatchObject({
    status: 202,
    body: { messageId: form.messageId, duplicate: true },
  });
  expect(reasonsIn(second.body)).toEqual(['queued']);
  expect((await shownOn(service, token)).tray.map(({ body }) => body)).toEqual([
    'Bob:test text message',
  ]);
});

test('a body of V2 goes to all of a team but who writes, by CheckSum or with a token', async () => {
  await service.server.call('PUT', '/v1/teams/4711/members', { members: ['ann', 'bob'] });
  const token = await logIn(service, 'ann');
  await logIn(service, 'bob');
  const toTeam = () => ({ ...aV2Message(), conversation_id: 'bob|3|4711' });
  const url = `${service.machine.stack.url}${PATH}`;

  const signed = await callWith(signature(service.machine.app), url, 'POST', toTeam());
  const withToken = await service.server.call('POST', PATH, toTeam());

  expect(signed.status).toBe(202);
  expect([signed.body, withToken].map(reasonsIn)).toEqual([
    ['queued', 'own-device'],
    ['queued', 'own-device'],
  ]);
  expect((await shownOn(service, token)).tray[0]).toMatchObject({ body: 'test text message' });
});

test('a team nobody told of is a 404 that names the field', async () => {
  const refused = (path: string) => ({
    status: 404,
    body: { detail: 'unknown-team', errors: [{ path }] },
  });
  const body = { ...aV2Message(), conversation_id: 'bob|2|unheard-of' };

  expect(await postForm(aForm({ ope: '1', to: 'unheard-of' }))).toMatchObject(refused('to'));
  expect(await service.server.try('POST', PATH, body)).toMatchObject(refused('conversation_id'));
});

test('what is wrong is told in NIM’s words, and with its numbers', async () => {
  const badForm = await postForm(aForm({ ope: '7', payload: 'no JSON', forcepushall: 'yes' }));
  const badBody = await service.server.try('POST', PATH, {
    ...aV2Message(),
    push_config: { push_content: 'x'.repeat(501) },
  });

  expect(badForm).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'ope' }, { path: 'forcepushall' }] },
  });
  expect(badBody).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'push_config.push_content', code: 414 }] },
  });
});

test('it is for servers, and has the limits of any call', async () => {
  const device = await service.as('device', 'alice');

  expect(await device.try('POST', PATH, aV2Message())).toMatchObject({ status: 403 });
  expect(await postForm(aForm({ attach: 'x'.repeat(70_000) }))).toMatchObject({ status: 413 });
  expect(await callWith({}, `${service.machine.stack.url}${PATH}`, 'POST', {})).toMatchObject({
    status: 401,
  });
});
