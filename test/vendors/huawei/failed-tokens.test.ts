import { answer, FOUR, kinds, OTHER_REASONS, read, readAll } from './reading';

describe('some tokens failed', () => {
  const some = (msg: unknown, code = '80100000') =>
    answer({ code, msg: typeof msg === 'string' ? msg : JSON.stringify(msg), requestId: 'r1' });

  test('the documented list: the others have got the message', () => {
    const documented = '{"success":3,"failure":1,"illegal_tokens":["tokB"]}';

    expect(readAll(some(documented), FOUR)).toEqual([
      { kind: 'accepted', receiptId: 'r1' },
      { kind: 'token-invalid', reason: { code: '80100000', text: 'the token is invalid' } },
      { kind: 'accepted', receiptId: 'r1' },
      { kind: 'accepted', receiptId: 'r1' },
    ]);
  });

  test.each(['illegal_tokens', 'illegalTokens'])('%s as a list and by reason', (field) => {
    expect(kinds(some({ [field]: ['tokD', 7, null] }))).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'token-invalid',
    ]);
    const byReason = {
      tokenFormatError: ['tokA'],
      noRight: ['tokB'],
      countryNotSupport: ['tokC', 'tokA'],
    };
    expect(readAll(some({ [field]: byReason, success: 1, failure: 3 }), FOUR)).toMatchObject([
      { kind: 'token-invalid', reason: { code: 'tokenFormatError' } },
      { kind: 'token-invalid', reason: { code: 'noRight' } },
      { kind: 'misconfigured', reason: { code: 'countryNotSupport' } },
      { kind: 'accepted' },
    ]);
  });

  test.each(OTHER_REASONS)('%s is no reason to forget a token', (reason) => {
    expect(readAll(some({ illegalTokens: { [reason]: ['tokB'] } }), FOUR)[1]).toMatchObject({
      kind: 'misconfigured',
      reason: { code: reason },
    });
  });

  test.each(['newReason', 'constructor', '__proto__'])(
    'a reason nobody knows (%s) is tried a bounded number of times and alarmed',
    (reason) => {
      const msg = `{"illegalTokens":{"${reason}":["tokB"]}}`;

      expect(readAll(some(msg), FOUR)[1]).toEqual({
        kind: 'unavailable',
        reason: { code: '80100000', text: `unknown reason ${reason}`, unmapped: true },
      });
    },
  );

  test.each([
    'no JSON',
    '{}',
    '{"illegal_tokens":[]}',
    '{"illegal_tokens":["other"]}',
    '{"illegal_tokens":7}',
    'null',
  ])('which ones nobody can tell from %s: none is forgotten and none is lost', (msg) => {
    expect(readAll(some(msg), FOUR)).toEqual(
      Array(4).fill({
        kind: 'unavailable',
        reason: { code: '80100000', text: expect.any(String), unmapped: true },
      }),
    );
  });

  test('all of several are in vain: that is a matter of configuration', () => {
    const msg = { success: 0, failure: 4, illegal_tokens: FOUR.tokens };

    for (const code of ['80100000', '80300007']) {
      expect(readAll(some(msg, code), FOUR)).toMatchObject(
        Array(4).fill({ kind: 'misconfigured', reason: { code } }),
      );
    }
    expect(kinds(some('illegal tokens', '80300007'))).toEqual(Array(4).fill('misconfigured'));
  });

  test('a lone token is forgotten', () => {
    expect(read(some('illegal tokens', '80300007'))).toEqual({
      kind: 'token-invalid',
      reason: { code: '80300007', text: 'the token is invalid' },
    });
    expect(read(some({ illegal_tokens: ['tokA'] }))).toMatchObject({ kind: 'token-invalid' });
  });

  test('of several in vain those are forgotten whose reason says so', () => {
    const msg = { illegalTokens: { tokenFormatError: ['tokA', 'tokB'], noRight: ['tokC'] } };

    expect(kinds(some(msg, '80300007'))).toEqual([
      'token-invalid',
      'token-invalid',
      'misconfigured',
      'misconfigured',
    ]);
    // the app is known to be right, so the token is another's
    expect(kinds(some(msg, '80300007'), { ...FOUR, isProven: true })).toEqual([
      'token-invalid',
      'token-invalid',
      'token-invalid',
      'misconfigured',
    ]);
  });
});
