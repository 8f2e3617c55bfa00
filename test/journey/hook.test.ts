import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import * as v from 'valibot';
import { logIn, reasonsIn } from '../support/journeys';
import { openQueues } from '../support/queues';
import { aMessage, type Service, startService, until } from '../support/service';
import { shownOn } from '../support/vendor-journeys';

const asked = v.object({
  appKey: v.string(),
  messages: v.array(v.object({ messageId: v.string(), recipients: v.array(v.string()) })),
});
type Asked = v.InferOutput<typeof asked>['messages'][number];

/** What the app's webhook says of a message; undefined: it fails. */
let change: (message: Asked) => object | undefined = () => ({});
const signatures: { readonly given: unknown; readonly right: string }[] = [];
const webhook = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { 'x-offline-push-timestamp': timestamp, 'x-offline-push-signature': given } =
    request.headers;
  const { secret } = service.machine.app;
  const signed = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  signatures.push({ given, right: `v1=${signed}` });
  const { messages } = v.parse(asked, JSON.parse(body));
  const changes = messages.map((message) => [message.messageId, change(message)] as const);
  response.statusCode = changes.some(([, said]) => said === undefined) ? 500 : 200;
  response.end(
    JSON.stringify({ messages: changes.map(([messageId, said]) => ({ messageId, ...said })) }),
  );
});

let service: Service;
let url = '';
beforeAll(async () => {
  service = await startService();
  await new Promise<void>((done) => webhook.listen(0, '127.0.0.1', done));
  const address = webhook.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/push`;
  await setHook('send');
});
afterAll(async () => {
  webhook.closeAllConnections();
  webhook.close();
  await service.close();
});
beforeEach(() => {
  change = () => ({});
});

const setHook = (onFailure: 'send' | 'drop') =>
  service.admin.call('PATCH', '/v1/app', { hook: { url, onFailure } });
const send = (message: unknown) => service.server.call('POST', '/v1/messages', message);

test('the text the webhook gives is the one the phone shows', async () => {
  const token = await logIn(service, 'alice');
  change = () => ({ pushContent: 'a friendlier text' });

  await send(aMessage(['alice']));

  expect((await shownOn(service, token)).tray).toMatchObject([{ body: 'Bob:a friendlier text' }]);
});

test('it is asked about messages that come over the queue, too', async () => {
  const token = await logIn(service, 'queued');
  const queues = openQueues(service);
  change = () => ({ pushContent: 'changed on the way' });

  await queues.send('MessageEventsQueue', aMessage(['queued']), service.machine.app.key);

  expect((await shownOn(service, token)).tray).toMatchObject([{ body: 'Bob:changed on the way' }]);
  queues.close();
});

test("each call is signed with the app's secret", async () => {
  signatures.length = 0;

  await send(aMessage(['nobody']));

  expect(signatures).toHaveLength(1);
  expect(signatures[0]?.given).toBe(signatures[0]?.right);
});

test('whom the webhook takes out gets nothing, with that reason in answer and trace; the others do', async () => {
  const [out, left] = [await logIn(service, 'out'), await logIn(service, 'left')];
  change = ({ recipients }) => ({ recipients: recipients.filter((one) => one !== 'out') });
  const message = aMessage(['out', 'left']);

  const answer = await send(message);

  expect(reasonsIn(answer)).toEqual(['hook', 'queued']);
  expect((await shownOn(service, left)).tray).toHaveLength(1);
  expect(service.machine.simulators.phones.look(out).arrivals).toEqual([]);
  const trace = `/v1/messages/${message.messageId}/trace?accountId=out`;
  expect(await service.server.call('GET', trace)).toMatchObject({ devices: [{ reason: 'hook' }] });
});

test('the webhook may say that a message is not pushed at all', async () => {
  await logIn(service, 'spared');
  change = () => ({ pushEnabled: false });

  expect(reasonsIn(await send(aMessage(['spared'])))).toEqual(['push-not-enabled']);
});

test('a webhook that fails lets the message go as it came, or nobody have it, as the app says', async () => {
  const token = await logIn(service, 'patient');
  change = () => undefined;

  const sent = await send(aMessage(['patient'], { body: 'as it came' }));
  const { tray } = await shownOn(service, token);
  await setHook('drop');
  const dropped = await until(
    async () => reasonsIn(await send(aMessage(['patient']))),
    (reasons) => reasons[0] === 'hook',
  );
  await setHook('send');

  expect(reasonsIn(sent)).toEqual(['queued']);
  expect(tray).toMatchObject([{ body: 'Bob:as it came' }]);
  expect(dropped).toEqual(['hook']);
});

test('a repeat is answered as before, whatever the webhook says by then', async () => {
  await logIn(service, 'again');
  const message = aMessage(['again']);
  const first = await send(message);
  change = () => ({ recipients: [], pushContent: 'another' });

  const repeat = await send(message);

  expect(reasonsIn(first)).toEqual(['queued']);
  expect(repeat).toMatchObject({ duplicate: true });
  expect(reasonsIn(repeat)).toEqual(['queued']);
});
