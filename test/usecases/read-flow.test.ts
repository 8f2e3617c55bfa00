import { parse } from 'valibot';
import { flowAnswer } from '../../lib/http/flow-schemas';
import type { FlowState } from '../../lib/model/flow-state';
import { MINUTE_MS } from '../../lib/model/time';
import { type FlowFilter, readFlow } from '../../lib/usecases/read-flow';
import { vendors } from '../../lib/vendors/registry';
import { aCertificateEntry, anApp, NOW } from '../support/builders';

const CERTIFICATES = [
  aCertificateEntry('xiaomi', { name: '小米', limits: { ratePerSecond: 80 } }),
  aCertificateEntry('xiaomi', { name: 'second', limits: { dailyTotals: { public: 100 } } }),
  aCertificateEntry('vivo'),
];
const { xiaomi, vivo } = vendors;

interface Known {
  readonly states?: Readonly<Record<string, FlowState>>;
  /** By certificate and class. */
  readonly used?: Readonly<Record<string, number>>;
}

/** What is answered where this is known, by certificate; checked against what the API promises. */
async function flow({ states = {}, used = {} }: Known = {}, filter: FlowFilter = {}) {
  const asked: string[] = [];
  const answer = await readFlow('app-1', filter, {
    apps: { getFresh: async () => anApp(CERTIFICATES) },
    flowStates: { read: async (_vendor, _appKey, certificate) => states[certificate] },
    quotas: {
      used: async ({ certificate, quotaClass }) => used[`${certificate} ${quotaClass}`] ?? 0,
      pausedUntil: async () => undefined,
    },
    backlog: {
      async read(vendor) {
        asked.push(vendor);
        return { direct: vendor.length, bulk: 0 };
      },
    },
    clock: { now: () => NOW },
  });
  expect(parse(flowAnswer, answer)).toEqual(answer);
  return { ...answer, asked };
}

const aState = (changes: Partial<FlowState> = {}): FlowState => ({
  limitPerSecond: 80,
  learnedPerSecond: 80,
  heldPerSecond: 30,
  containers: 2,
  ...changes,
});

test('certificates nothing was sent with have their whole limit, their own or the published one', async () => {
  const { certificates, backlog } = await flow();

  const unused = { inUsePerSecond: 0, containers: 0, quotas: expect.any(Array) };
  const limited = (limitPerSecond: number) => ({
    limitPerSecond,
    learnedPerSecond: limitPerSecond,
  });
  expect(certificates).toEqual([
    { certificate: '小米', vendor: 'xiaomi', counts: 'requests', ...limited(80), ...unused },
    {
      certificate: 'second',
      vendor: 'xiaomi',
      counts: 'requests',
      ...limited(xiaomi.limits.ratePerSecond),
      ...unused,
    },
    {
      certificate: 'vivo-cert',
      vendor: 'vivo',
      counts: 'tokens',
      ...limited(vivo.limits.ratePerSecond),
      ...unused,
    },
  ]);
  expect(backlog).toEqual([
    { vendor: 'xiaomi', direct: 6, bulk: 0 },
    { vendor: 'vivo', direct: 4, bulk: 0 },
  ]);
});

test('what is held, what was learned and a rest are told', async () => {
  const state = aState({ learnedPerSecond: 60, restsUntil: NOW + 5 * MINUTE_MS });

  const { certificates } = await flow({ states: { 小米: state } });

  expect(certificates[0]).toMatchObject({
    limitPerSecond: 80,
    learnedPerSecond: 60,
    inUsePerSecond: 30,
    containers: 2,
    pausedUntil: NOW + 5 * MINUTE_MS,
  });
});

test.each([
  ['raised', 50, 40, 70],
  ['lowered', 500, 490, 70],
  ['lowered to less than was cut', 500, 100, 0],
])('a limit that was %s counts at once, and what was learned stays learned', async (...one) => {
  const [, limitPerSecond, learnedPerSecond, learned] = one;

  const { certificates } = await flow({
    states: { 小米: aState({ limitPerSecond, learnedPerSecond }) },
  });

  expect(certificates[0]).toMatchObject({ limitPerSecond: 80, learnedPerSecond: learned });
});

test('daily totals are told with what is used of them', async () => {
  const { certificates } = await flow({ used: { 'second public': 30 } });

  expect(certificates.map((one) => one.quotas)).toEqual([
    [],
    [{ class: 'public', total: 100, used: 30, left: 70 }],
    [],
  ]);
});

test.each<[FlowFilter, string[], string[]]>([
  [{ vendor: 'vivo' }, ['vivo-cert'], ['vivo']],
  [{ certificate: 'second' }, ['second'], ['xiaomi']],
  [{ vendor: 'xiaomi' }, ['小米', 'second'], ['xiaomi']],
  [{ vendor: 'vivo', certificate: 'second' }, [], []],
  [{ vendor: 'oppo' }, [], []],
])('with %j only that is looked at', async (filter, names, queues) => {
  const { certificates, asked } = await flow({}, filter);

  expect(certificates.map((one) => one.certificate)).toEqual(names);
  expect(asked).toEqual(queues);
});
