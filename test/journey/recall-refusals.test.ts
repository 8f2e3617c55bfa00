import { openQueues, type Queues } from '../support/queues';
import { type Service, startService, until } from '../support/service';
import { logInPhone, order, sendTo, storyWith } from '../support/vendor-journeys';

let service: Service;
let queues: Queues;
beforeAll(async () => {
  service = await startService();
  queues = openQueues(service);
});
afterAll(async () => {
  queues.close();
  await service.close();
});

const pathOf = (messageId: string) => `/v1/messages/${messageId}`;
const recall = (messageId: string) => service.server.call('DELETE', pathOf(messageId));

test('a recall with other words, or with a payload some vendor would refuse, is refused', async () => {
  await logInPhone(service, 'xiaomi', 'refused');
  const messageId = await sendTo(service, ['refused']);
  await storyWith(service, messageId, 'refused', 'accepted');
  const path = pathOf(messageId);
  const bad = { pushPayload: JSON.stringify({ xiaomiField: { notify_id: 'x' } }) };

  expect(await service.server.try('DELETE', path, bad)).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'pushPayload.xiaomiField.notify_id' }] },
  });
  expect(await service.server.try('DELETE', path, { text: 'x' })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'text' }] },
  });
  await recall(messageId);
  expect(await service.server.try('DELETE', path, { pushContent: 'x' })).toMatchObject({
    status: 409,
  });
});

test('where only counts are kept of who got a message, it is stopped and the answer says that no more could be done', async () => {
  await service.admin.call('PATCH', '/v1/app', { traceLevel: 'off' });
  const token = await logInPhone(service, 'xiaomi', 'one-of-many');
  order(service, 'xiaomi', { failNext: 1_000, status: 503 });
  const many = Array.from({ length: 101 }, (_, index) => `stranger-${index}`);

  // a container may go on with the settings it knows for a moment
  const answer = await until(
    async () => recall(await sendTo(service, ['one-of-many', ...many])),
    (told) => JSON.stringify(told).includes('unknown'),
  );
  order(service, 'xiaomi', { failNext: 0 });
  await queues.drained('XiaomiBulkQueue');

  expect(answer).toMatchObject({ recalled: true, stopped: 1, recipients: 'unknown' });
  expect(answer).not.toHaveProperty('withdrawn');
  expect(service.machine.simulators.phones.look(token).arrivals).toEqual([]);
}, 40_000);
