import { createAckStore } from '../../lib/aws/ack-store';
import type { AckStore } from '../../lib/model/acknowledgement';
import { DAY_MS } from '../../lib/model/time';
import { type Aws, startAws } from '../support/aws';
import { NOW } from '../support/builders';

const APP = 'app-1';

let aws: Aws;
let store: AckStore;
beforeAll(async () => {
  aws = await startAws();
  store = createAckStore(aws.dynamoDb, 'deliveries');
});
afterAll(() => aws.close());

const ack = (messageId: string, deviceId = 'phone', accountId = 'bob') => ({
  messageId,
  accountId,
  deviceId,
});

test('tells the devices that have acknowledged from those that have not, app by app', async () => {
  await store.save(APP, [ack('m1'), ack('m1', 'tablet'), ack('m1'), ack('m2', 'watch')], NOW);
  await store.save(APP, [ack('m2')], NOW);

  const asked = [ack('m1'), ack('m1', 'watch'), ack('m2'), ack('m2', 'watch'), ack('m3')];
  expect([...(await store.among(APP, asked, NOW))].toSorted()).toEqual([
    'm1/bob/phone',
    'm2/bob/phone',
    'm2/bob/watch',
  ]);
  expect(await store.among('app-2', asked, NOW)).toEqual(new Set());
});

test('forgets them after a day, whenever they are deleted', async () => {
  await store.save(APP, [ack('old')], NOW);

  expect(await store.among(APP, [ack('old')], NOW + DAY_MS - 1_000)).toEqual(
    new Set(['old/bob/phone']),
  );
  expect(await store.among(APP, [ack('old')], NOW + DAY_MS)).toEqual(new Set());
});

test('is one call for a hundred messages, and one write for all devices of an account', async () => {
  const many = Array.from({ length: 150 }, (_, index) => ack(`many-${index}`));

  const reads = await aws.wire.watch(() => store.among(APP, [...many, ack('many-1', 'x')], NOW));
  const writes = await aws.wire.watch(() => store.save(APP, [ack('w'), ack('w', 'x')], NOW));

  expect(reads.map(({ operation }) => operation)).toEqual(['BatchGetItem', 'BatchGetItem']);
  expect(writes.map(({ operation }) => operation)).toEqual(['UpdateItem']);
});
