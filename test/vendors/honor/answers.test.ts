import type { HttpResult } from '../../../lib/model/vendor-ports';
import { readAnswer } from '../../../lib/vendors/honor/answers';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const ONE = { tokens: ['tokA'], secrets: ['access.token', 'client secret'] };
const FOUR = { ...ONE, tokens: ['tokA', 'tokB', 'tokC', 'tokD'] };

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): HttpResult {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'response', status, headers, body: text };
}

const read = (result: HttpResult, sent = ONE) => {
  const { outcomeOf } = readAnswer(result, sent, NOW);
  return sent.tokens.map((token) => outcomeOf(token));
};
const one = (result: HttpResult) => read(result)[0];

describe('success', () => {
  test('the request id is the receipt id', () => {
    const documented =
      '{"code":200,"message":"success","data":{"sendResult":true,"requestId":"1760000000123456789","failTokens":[],"expireTokens":[]}}';

    expect(read(answer(documented), FOUR)).toEqual(
      Array(4).fill({ kind: 'accepted', receiptId: '1760000000123456789' }),
    );
  });

  test.each([
    { code: '200' },
    { code: 200, data: null },
    { code: 200, data: [] },
    { code: 80000000 },
  ])('%j is one too', (body) => {
    expect(one(answer(body))).toEqual({ kind: 'accepted' });
  });

  test('of some only: dead tokens are forgotten, failed ones tried a bounded number of times', () => {
    const partial =
      '{"code":200,"message":"success","data":{"sendResult":true,"requestId":"1760000000123456790","failTokens":["tokC"],"expireTokens":["tokB"]}}';

    expect(read(answer(partial), FOUR)).toEqual([
      { kind: 'accepted', receiptId: '1760000000123456790' },
      { kind: 'token-invalid', reason: { code: 'expireTokens', text: 'token no longer valid' } },
      {
        kind: 'unavailable',
        reason: { code: 'failTokens', text: 'sending to this token failed', unmapped: true },
      },
      { kind: 'accepted', receiptId: '1760000000123456790' },
    ]);
  });

  test('a token in both lists is dead', () => {
    const data = { failTokens: ['tokA'], expireTokens: ['tokA'] };

    expect(one(answer({ code: 200, data }))).toMatchObject({ kind: 'token-invalid' });
  });

  test('lists that are none are no failures', () => {
    const data = { sendResult: true, failTokens: 'tokA', expireTokens: { tokA: 1 } };

    expect(one(answer({ code: 200, data }))).toEqual({ kind: 'accepted' });
  });

  test('not with a sendResult of false', () => {
    const data = { sendResult: false, expireTokens: ['tokB'] };

    expect(read(answer({ code: 200, data }), FOUR)).toMatchObject([
      { kind: 'unavailable', reason: { code: 'sendResult', unmapped: true } },
      { kind: 'token-invalid' },
      { kind: 'unavailable' },
      { kind: 'unavailable' },
    ]);
  });

  test("Huawei's partial success says which tokens, or is not believed", () => {
    expect(read(answer({ code: 80100000, data: { expireTokens: ['tokB'] } }), FOUR)).toMatchObject([
      { kind: 'accepted' },
      { kind: 'token-invalid' },
      {},
      { kind: 'accepted' },
    ]);
    expect(one(answer({ code: 80100000 }))).toMatchObject({
      kind: 'unavailable',
      reason: { code: '80100000', unmapped: true },
    });
  });

  test.each([0, 12200000])(
    'code %i, which one client each takes for success, is alarmed',
    (code) => {
      expect(one(answer({ code, message: 'ok' }))).toEqual({
        kind: 'unavailable',
        reason: { code: String(code), text: 'ok', unmapped: true },
      });
    },
  );
});
