import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { aNotification, postMeizu } from './calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ receiptDelayMs: 20, ratePerSecond: { meizu: Infinity } });
});
afterAll(() => simulators.close());
beforeEach(() => {
  simulators.meizu.reset();
  simulators.phones.clear();
});

const ids = (count: number) => Array.from({ length: count }, (_, i) => `R${i}`).join(',');
const bar = (change: Readonly<Record<string, unknown>>) => ({
  noticeBarInfo: { title: 'T', content: 'C', ...change },
});

test('the sixth message to a phone within a minute is folded', async () => {
  for (let count = 0; count < 5; count++) {
    expect((await postMeizu(simulators)).json).toMatchObject({ value: {} });
  }
  expect((await postMeizu(simulators, aNotification(), 'RA1,RA2')).json).toMatchObject({
    code: '200',
    value: { 520: ['RA1'] },
  });
  expect(simulators.phones.look('RA1').arrivals).toHaveLength(5);
  simulators.meizu.control({ foldAfter: null });
  expect((await postMeizu(simulators)).json).toMatchObject({ value: {} });
});

test('public messages have a daily quota of their own, told for each target', async () => {
  simulators.meizu.control({ dailyQuota: { public: 2 } });
  const { json } = await postMeizu(simulators, bar({}), 'R1,R2,R3');
  expect(json).toMatchObject({ code: '200', value: { 110011: ['R3'] } });
  const asPrivate = await postMeizu(simulators, bar({ noticeMsgType: 1 }), 'R3');
  expect(asPrivate.json).toMatchObject({ code: '200', value: {} });
  simulators.meizu.control({ dailyQuota: { public: null } });
  expect((await postMeizu(simulators, bar({}), 'R3')).json).toMatchObject({ value: {} });
});

test('when the day’s messages are used up, the call is refused with 110019', async () => {
  simulators.meizu.control({ dailyQuota: { total: 2 } });
  await postMeizu(simulators, aNotification(), 'R1,R2');
  expect((await postMeizu(simulators)).json).toEqual({
    code: '110019',
    message: '超过该应用每天推送次数限制',
    value: '',
    redirect: '',
  });
});

test('over the rate a call is refused with 110010; calls with a wrong signature do not count', async () => {
  simulators.meizu.control({ ratePerSecond: 2 });
  for (let count = 0; count < 3; count++)
    await postMeizu(simulators, aNotification(), 'R1', { sign: 'x' });
  const codes = [];
  for (let count = 0; count < 3; count++) {
    codes.push(Object((await postMeizu(simulators, aNotification(), ids(100))).json));
  }
  expect(codes.map(({ code }) => code)).toEqual(['200', '200', '110010']);
  expect(codes[2]).toEqual({
    code: '110010',
    message: '应用请求频率超过限制',
    value: '',
    redirect: '',
  });
  expect(simulators.meizu.counters()).toMatchObject({
    refusedByRate: 1,
    maxInWindow: 3,
    refusedByCode: { 1006: 3, 110010: 1 },
  });
});

test('unless told otherwise 200 calls a second are allowed', async () => {
  const own = await startSimulators();
  const answers = await Promise.all(
    Array.from({ length: 230 }, (_, count) => postMeizu(own, aNotification(), `R${count}`)),
  );
  const accepted = answers.filter(({ json }) => Object(json).code === '200').length;
  expect(accepted).toBeGreaterThanOrEqual(200);
  expect(own.meizu.counters().maxInWindow).toBeLessThanOrEqual(230);
  expect(accepted + own.meizu.counters().refusedByRate).toBe(230);
  await own.close();
});
