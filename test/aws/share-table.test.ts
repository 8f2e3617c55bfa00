import fc from 'fast-check';
import { createDynamoDb } from '../../lib/aws/clients';
import { createShareTable, type ShareTable } from '../../lib/aws/share-table';
import type { Climb, Holder, ShareChange, Shares } from '../../lib/model/shares';
import { START } from '../../lib/rules/climb';
import { unusedShares } from '../../lib/rules/seen-shares';
import { type Aws, startAws } from '../support/aws';
import { applyChange } from '../support/flow-simulation/apply-change';

const LIMIT = 100;

let aws: Aws;
let certificates = 0;

beforeAll(async () => {
  aws = await startAws();
});

afterAll(() => aws.close());

function aTable(): ShareTable {
  const pk = `flow/xiaomi/app/certificate ${certificates++}`;
  return createShareTable(
    createDynamoDb(),
    'flow',
    pk,
    () => LIMIT,
    () => Date.now(),
  );
}

function aHolder(write: string, credits: number): Holder {
  return { credits, need: 2 * credits, lane: 'direct', until: 1_000, write };
}

function aChange(change: Partial<ShareChange> = {}): ShareChange {
  return {
    id: 'a',
    before: undefined,
    after: aHolder('a0', 30),
    others: new Map(),
    free: -30,
    cut: 0,
    ...change,
  };
}

test('nothing is there until somebody writes, and then what he wrote', async () => {
  const table = aTable();

  expect(await table.read(true)).toBeUndefined();
  const { isDone, shares } = await table.write(aChange());

  expect(isDone).toBe(true);
  expect(shares).toEqual({
    ...unusedShares(LIMIT),
    free: 70,
    holders: new Map([['a', aHolder('a0', 30)]]),
  });
  expect(await table.read(true)).toEqual(shares);
});

test('what was given up says by whom and over how long, and is taken as it was seen', async () => {
  const table = aTable();
  const to: Holder = {
    credits: 7,
    need: 0,
    lane: undefined,
    until: -20,
    overMs: 450,
    by: 'bulk',
    write: 'a0',
  };
  await table.write(aChange({ after: undefined, free: -7, others: new Map([['g', { to }]]) }));

  const seen = (await table.read(true))?.holders.get('g');
  const taken = await table.write(aChange({ others: new Map([['g', { from: to }]]), free: 0 }));

  expect(seen).toEqual(to);
  expect(taken.isDone).toBe(true);
  expect(taken.shares?.holders.has('g')).toBe(false);
});

test('a write whose answer was lost is not done twice, and is told to be there', async () => {
  const table = aTable();
  const change = aChange();
  await table.write(change);

  const { isDone, shares } = await table.write(change);

  expect(isDone).toBe(false);
  expect(shares?.free).toBe(70);
  expect(shares?.holders.get('a')?.write).toBe('a0');
});

test('a certificate that rests before anybody has used it does so for all', async () => {
  const table = aTable();
  await table.rest(5_000);

  expect(await table.read(true)).toEqual({ ...unusedShares(LIMIT), restsUntil: 5_000 });
});

test('what is written and what is refused is what the rules take it to be', async () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b'),
    isStale: fc.boolean(),
    credits: fc.integer({ min: 0, max: 60 }),
    absorbs: fc.boolean(),
    givesUp: fc.integer({ min: 0, max: 5 }),
    cut: fc.integer({ min: 0, max: 2 }),
    isClimbing: fc.boolean(),
    newLimit: fc.option(fc.constantFrom(80, 120), { nil: undefined }),
    leaves: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const table = aTable();
      let model: Shares | undefined;
      for (const [index, one] of steps.entries()) {
        const write = `${one.id}${index}`;
        const seen = model ?? unusedShares(LIMIT);
        const before = one.isStale ? aHolder('stale', 1) : seen.holders.get(one.id);
        const [other] = [...seen.holders].filter(([id]) => id !== one.id);
        const climb: Climb = { changedAt: index + 1, waitMs: 5, stepShare: 0.1, isTrial: true };
        const change: ShareChange = {
          id: one.id,
          before,
          after: one.leaves ? undefined : aHolder(write, one.credits),
          others: new Map([
            ...(one.absorbs && other ? [[other[0], { from: other[1] }] as const] : []),
            ...(one.givesUp > 0
              ? [[`g${write}`, { to: aHolder(write, one.givesUp) }] as const]
              : []),
          ]),
          free: (before?.credits ?? 0) - one.credits,
          cut: one.cut,
          ...(one.isClimbing ? { climb: { from: model?.climb ?? START, to: climb } } : {}),
          // who finds nothing there takes his own limit for it
          ...(one.newLimit && model
            ? { limit: { from: seen.limit, to: one.newLimit, cutFrom: seen.cut, at: index } }
            : {}),
        };
        const expected = applyChange(model, change, LIMIT);
        const { isDone, shares } = await table.write(change);
        expect(isDone).toBe(expected !== undefined);
        model = expected ?? model;
        expect(shares).toEqual(model);
      }
    }),
    { numRuns: 40 },
  );
});
