import { randomBytes } from 'node:crypto';
import { createSubmissionStore } from '../../lib/aws/submission-store';
import type { SubmissionStore } from '../../lib/model/ports';
import type { StoredRecipient, SubmissionRecord } from '../../lib/model/submission';
import { DAY_MS } from '../../lib/model/time';
import { type Aws, refuseWith, startAws } from '../support/aws';
import { NOW } from '../support/builders';

const APP = 'app-1';

let aws: Aws;
let store: SubmissionStore;
beforeAll(async () => {
  aws = await startAws();
  store = createSubmissionStore(aws.dynamoDb, 'deliveries');
});
afterAll(() => aws.close());

function aRecipient(changes: Partial<StoredRecipient> = {}): StoredRecipient {
  const devices = [
    { deviceId: 'phone-1', reason: 'queued', vendor: 'xiaomi', jobId: 'j' } as const,
  ];
  return { accountId: 'bob', reachable: true, devices, ...changes };
}

function aRecord(changes: Partial<SubmissionRecord> = {}): SubmissionRecord {
  return {
    state: 'in-progress',
    bodyHash: 'hash-1',
    decidedAt: NOW,
    leaseUntil: NOW + 30_000,
    messages: [{ messageId: 'm-1', counts: { queued: 1 }, recipients: [aRecipient()] }],
    ...changes,
  };
}

/** As many recipients, with ids that hardly deflate. */
function strangers(count: number, idBytes = 24, devices = 1): StoredRecipient[] {
  const id = () => randomBytes(idBytes).toString('base64url');
  return Array.from({ length: count }, () =>
    aRecipient({
      accountId: id(),
      devices: Array.from({ length: devices }, () => ({ deviceId: id(), reason: 'queued' })),
    }),
  );
}

describe('a record', () => {
  test('that is the first under its key is stored and answered with nothing', async () => {
    const messages = [{ messageId: 'm', counts: {}, recipients: strangers(100) }];
    const record = aRecord({ state: 'done', messages });

    expect(await store.begin(APP, 'message/first', record)).toBeUndefined();

    expect(await store.get(APP, 'message/first')).toEqual(record);
  });

  test('that comes second is answered with the first, which stays', async () => {
    const first = aRecord();
    await store.begin(APP, 'message/again', first);

    const answer = await store.begin(APP, 'message/again', aRecord({ bodyHash: 'hash-2' }));

    expect(answer).toEqual(first);
    expect(await store.get(APP, 'message/again')).toEqual(first);
  });

  test('is begun by exactly one of many that come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        store.begin(APP, 'message/rush', aRecord({ bodyHash: `hash-${index}` })),
      ),
    );

    const winner = answers.indexOf(undefined);
    const others = answers.filter((answer) => answer !== undefined);
    expect(others).toHaveLength(11);
    expect(new Set(others.map(({ bodyHash }) => bodyHash))).toEqual(new Set([`hash-${winner}`]));
  });

  test('is remembered for a day to the millisecond', async () => {
    await store.begin(APP, 'message/old', aRecord());
    const decidedAt = NOW + DAY_MS;

    const inTime = await store.begin(APP, 'message/old', aRecord({ bodyHash: 'new', decidedAt }));
    const tooLate = await store.begin(
      APP,
      'message/old',
      aRecord({ bodyHash: 'new', decidedAt: decidedAt + 1 }),
    );

    expect(inTime).toEqual(aRecord());
    expect(tooLate).toBeUndefined();
    expect((await store.get(APP, 'message/old'))?.bodyHash).toBe('new');
  });

  test('is replaced whole', async () => {
    await store.begin(APP, 'message/replaced', aRecord());
    const done = aRecord({ state: 'done', messages: [{ messageId: 'm-1', counts: { muted: 3 } }] });

    await store.replace(APP, 'message/replaced', done);

    expect(await store.get(APP, 'message/replaced')).toEqual(done);
  });

  test('that is discarded may be begun again', async () => {
    await store.begin(APP, 'message/taken-back', aRecord());

    await store.discard(APP, 'message/taken-back');

    expect(await store.get(APP, 'message/taken-back')).toBeUndefined();
    expect(await store.begin(APP, 'message/taken-back', aRecord())).toBeUndefined();
    await store.discard(APP, 'message/never-there');
  });

  test('of one app is none of another', async () => {
    await store.begin(APP, 'batch/1', aRecord());

    expect(await store.begin('app-2', 'batch/1', aRecord())).toBeUndefined();
    expect(await store.get(APP, 'message/1')).toBeUndefined();
  });

  test('that can’t be stored is an error and no answer', async () => {
    const messages = [{ messageId: 'm', counts: {}, recipients: strangers(10_000, 96) }];

    const begin = store.begin(APP, 'message/huge', aRecord({ messages }));

    await expect(begin).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('is begun in one write', async () => {
    const calls = await aws.wire.watch(() => store.begin(APP, 'message/cheap', aRecord()));

    expect(calls.map(({ operation }) => operation)).toEqual(['PutItem']);
  });
});

describe('decisions', () => {
  const kept = (messageId: string) => store.decisionsOf(APP, messageId);

  test('of a message nobody kept are not there', async () => {
    expect(await kept('nothing')).toBeUndefined();
  });

  test('of no recipients at all are not there either', async () => {
    await store.saveDecisions(APP, 'empty', NOW, []);

    expect(await kept('empty')).toBeUndefined();
  });

  test.each([1, 1_000, 1_001, 10_001])('for %i recipients come back in order', async (count) => {
    const recipients = strangers(count);

    const calls = await aws.wire.watch(() =>
      store.saveDecisions(APP, `n-${count}`, NOW, recipients),
    );

    expect(calls).toHaveLength(Math.ceil(count / 1_000));
    expect(await kept(`n-${count}`)).toEqual({ decidedAt: NOW, recipients });
  });

  test('for a group of 10,000 come back whole, though one answer does not hold them', async () => {
    const recipients = strangers(10_000, 24, 3);
    await store.saveDecisions(APP, 'group', NOW, recipients);

    const calls = await aws.wire.watch(async () => {
      const decisions = await kept('group');
      expect(decisions?.recipients).toHaveLength(10_000);
      expect(decisions).toEqual({ decidedAt: NOW, recipients });
    });

    expect(calls.length).toBeGreaterThan(1);
  });

  test('with the longest ids and ten devices each fit their pages', async () => {
    const recipients = strangers(1_000, 96, 10);

    await store.saveDecisions(APP, 'long-ids', NOW, recipients);

    expect(await kept('long-ids')).toEqual({ decidedAt: NOW, recipients });
  });

  test('saved once more, after a crash, are there once', async () => {
    const recipients = strangers(1_200);
    await store.saveDecisions(APP, 'crashed', NOW, recipients);

    await store.saveDecisions(APP, 'crashed', NOW + 31_000, recipients);

    expect(await kept('crashed')).toEqual({ decidedAt: NOW + 31_000, recipients });
  });

  test('of an id used before for a longer list are those of its latest use', async () => {
    await store.saveDecisions(APP, 'reused', NOW, strangers(1_500));
    const recipients = strangers(200);

    await store.saveDecisions(APP, 'reused', NOW + DAY_MS, recipients);

    expect(await kept('reused')).toEqual({ decidedAt: NOW + DAY_MS, recipients });
  });

  test('are not kept unless all of their pages are', async () => {
    aws.wire.next('PutItem', (_body, goOn) => goOn());
    aws.wire.next('PutItem', refuseWith('ItemCollectionSizeLimitExceededException'));

    await expect(store.saveDecisions(APP, 'cut', NOW, strangers(1_500))).rejects.toThrow('refused');
  });
});
