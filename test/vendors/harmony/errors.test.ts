import type { SendOutcome } from '../../../lib/model/send-outcome';
import { errors } from '../../../lib/vendors/harmony/errors';
import { createHarmonySender } from '../../../lib/vendors/harmony/sender';
import { aHarmonyCertificate } from '../huawei/support';
import {
  type Answer,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
});

afterAll(() => server.close());

const sender = () =>
  createHarmonySender(aHarmonyCertificate({ endpoint: server.url }), somePorts());

/** What a fresh sender makes of an answer to a message for `tokens`. */
function outcomesOf(
  body: object,
  tokens: [string, ...string[]] = ['tokA'],
  by = sender(),
  status = 200,
): Promise<readonly SendOutcome[]> {
  server.answer = (): Answer => ({ status, body: JSON.stringify(body) });
  return by.send(aSendRequest({ tokens }));
}

const ROWS = [
  ['80100001', 'rejected'],
  ['80100003', 'rejected'],
  ['80100004', 'rejected'],
  ['80100022', 'rejected'],
  ['80200001', 'unauthorized'],
  ['80200003', 'unauthorized'],
  ['80200005', 'unauthorized'],
  ['80300002', 'misconfigured'],
  ['80300007', 'token-invalid'],
  ['80300008', 'rejected'],
  ['80300010', 'rejected'],
  ['80300029', 'throttled'],
  ['80300030', 'rejected'],
  ['80300036', 'misconfigured'],
  ['80300037', 'misconfigured'],
  ['81000001', 'unavailable'],
] as const;

test.each(ROWS)('code %s is %s', async (code, kind) => {
  for (const status of [200, 400, 401, 500]) {
    const [outcome] = await outcomesOf(
      { code, msg: 'words', requestId: 'r1' },
      ['tokA'],
      sender(),
      status,
    );
    expect(outcome).toMatchObject({ kind, reason: { code } });
  }
});

test('a penalty lets the certificate rest, and test messages wait until tomorrow', async () => {
  expect(await outcomesOf({ code: '80300037' })).toMatchObject([{ pauses: true }]);
  expect(await outcomesOf({ code: '80300029' })).toMatchObject([{ scope: 'day' }]);
});

test('a code in no table is tried a bounded number of times and alarmed', async () => {
  expect(await outcomesOf({ code: '80300017', msg: 'new' })).toEqual([
    { kind: 'unavailable', reason: { code: '80300017', text: 'new', unmapped: true } },
  ]);
});

/** Why a token failed, and what that means when others were accepted. */
const REASONS = [
  ['tokenFormatError', 'token-invalid'],
  ['tokenPlatformNotSupport', 'token-invalid'],
  ['noRight', 'token-invalid'],
  ['noPushTypeRight', 'misconfigured'],
  ['atomicUnableSendUnsubscribedMsg', 'rejected'],
  ['countryNotSupport', 'rejected'],
  ['disableSendHuaweiMsgBecauseOfPenalty', 'misconfigured'],
  ['differentImgVerifyPolicy', 'rejected'],
  ['appinfoError', 'misconfigured'],
  ['noRightToSendThisLiveNotificationEvent', 'misconfigured'],
  ['notSupportPlayVoice', 'rejected'],
] as const;

const failed = (illegalTokens: object, code = '80100000') => ({
  code,
  msg: JSON.stringify({ illegalTokens, success: 1, failure: 1 }),
  requestId: '1760000000000_0_2',
});

test.each(REASONS)(
  'a token failed for %s: %s, and the other has got the message',
  async (reason, kind) => {
    expect(await outcomesOf(failed({ [reason]: ['tokB'] }), ['tokA', 'tokB'])).toMatchObject([
      { kind: 'accepted', receiptId: '1760000000000_0_2' },
      { kind, reason: { code: reason } },
    ]);
  },
);

test('the spelling of the older interface is understood as well', async () => {
  const msg = '{"success":1,"failure":1,"illegal_tokens":["tokB"]}';

  expect(await outcomesOf({ code: '80100000', msg }, ['tokA', 'tokB'])).toMatchObject([
    { kind: 'accepted' },
    { kind: 'token-invalid', reason: { code: '80100000' } },
  ]);
});

describe('all tokens failed', () => {
  test('each for its reason', async () => {
    const body = failed({ tokenFormatError: ['tokA'], countryNotSupport: ['tokB'] }, '80300007');

    expect(await outcomesOf(body, ['tokA', 'tokB', 'tokC'])).toMatchObject([
      { kind: 'token-invalid' },
      { kind: 'rejected' },
      { kind: 'misconfigured', reason: { code: '80300007' } },
    ]);
  });

  test('for no right: the project may be wrong, unless it once was right', async () => {
    const body = failed({ noRight: ['tokA', 'tokB'] }, '80300007');
    const by = sender();

    expect(await outcomesOf(body, ['tokA', 'tokB'], by)).toMatchObject(
      Array(2).fill({ kind: 'misconfigured', reason: { code: 'noRight' } }),
    );
    await outcomesOf({ code: '80000000' }, ['tokC'], by);
    expect(await outcomesOf(body, ['tokA', 'tokB'], by)).toMatchObject(
      Array(2).fill({ kind: 'token-invalid', reason: { code: 'noRight' } }),
    );
  });
});

test('every row of the table is tested here, or is an HTTP status that Huawei shares with HMS', () => {
  const tested = [
    '80100000',
    ...ROWS.map(([code]) => code),
    ...REASONS.map(([reason]) => reason),
    ...[400, 401, 403, 404, 408, 413, 429, 500, 502, 503].map((status) => `http-${status}`),
  ];

  expect(Object.keys(errors).sort()).toEqual(tested.sort());
});

test.each([
  [400, 'rejected'],
  [401, 'unauthorized'],
  [404, 'misconfigured'],
  [500, 'unavailable'],
  [502, 'unavailable'],
  [503, 'throttled'],
])('HTTP %i without a code is %s', async (status, kind) => {
  server.answer = () => ({ status, body: '<html>' });

  expect(await sender().send(aSendRequest())).toMatchObject([
    { kind, reason: { code: `http-${status}` } },
  ]);
});
