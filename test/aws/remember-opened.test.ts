import { createEnvelope, type Envelope } from '../../lib/aws/envelope';
import { rememberOpened } from '../../lib/aws/remember-opened';
import { type Aws, holdClock, refuseWith, startAws } from '../support/aws';

const HOUR_MS = 3_600_000;
const context = { purpose: 'secret', app: 'app-1', name: 'app-1' } as const;

const clock = holdClock();
let aws: Aws;
let envelope: Envelope;
beforeAll(async () => {
  aws = await startAws();
});
beforeEach(() => {
  envelope = rememberOpened(createEnvelope(aws.kms, aws.keyId));
});
afterAll(() => {
  clock.release();
  return aws.close();
});

const callsOf = async (act: () => Promise<unknown>) => (await aws.wire.watch(act)).length;

test('a value is opened once in an hour, however many want it', async () => {
  const sealed = await envelope.seal('words', context);
  const open = () => Promise.all([1, 2].map(() => envelope.open({ ...sealed }, context)));

  const first = await callsOf(open);
  clock.pass(HOUR_MS - 1);
  const later = await callsOf(open);
  clock.pass(1);
  const atLast = await callsOf(open);

  expect([first, later, atLast]).toEqual([1, 0, 1]);
  expect(await open()).toEqual(['words', 'words']);
});

test('another value in its place is opened at once', async () => {
  const [before, after] = [
    await envelope.seal('old', context),
    await envelope.seal('new', context),
  ];

  expect(await envelope.open(before, context)).toBe('old');
  expect(await envelope.open(after, context)).toBe('new');
});

test('what was opened in its own context is not to be had in another', async () => {
  const sealed = await envelope.seal('words', context);
  await envelope.open(sealed, context);

  await expect(envelope.open(sealed, { ...context, app: 'app-2' })).rejects.toThrow();
});

test('a value that could not be opened is tried again', async () => {
  const sealed = await envelope.seal('words', context);
  aws.wire.next('Decrypt', refuseWith('DisabledException'));

  await expect(envelope.open(sealed, context)).rejects.toThrow();
  expect(await envelope.open(sealed, context)).toBe('words');
});
