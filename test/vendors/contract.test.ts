import * as fc from 'fast-check';
import { VENDOR_IDS } from '../../lib/model/vendor-id';
import { outcomeOf } from '../../lib/vendors/outcomes';
import { payloads } from '../../lib/vendors/payloads';
import { vendorOf, vendors } from '../../lib/vendors/registry';
import {
  readLimits,
  type SendRequest,
  type Vendor,
  type VendorSender,
} from '../../lib/vendors/vendor';
import {
  accessTokenAnswerTo,
  BODIES,
  ECHO,
  echoOf,
  subjectOf,
  TOKENS,
  wrapped,
} from './contract-subjects';
import {
  type Answer,
  aNotification,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from './support';

let server: VendorServer;

test('a vendor that is named but not built has no facts', () => {
  for (const id of VENDOR_IDS) {
    expect(vendorOf(id)?.id).toBe(id in vendors ? id : undefined);
  }
});

test('limits that are not whole do not load', () => {
  expect(() => readLimits({ ...vendors.xiaomi.limits, checkedOn: 'today' })).toThrow();
  expect(() => readLimits({ ...vendors.xiaomi.limits, ratePerSecond: 0 })).toThrow();
});

test('what messages may ask of a vendor agrees with its facts', () => {
  const facts = Object.values<Vendor>(vendors).map(({ id, badge, withdraws }) => ({
    id,
    badge,
    withdraws,
  }));

  expect(
    Object.entries(payloads).map(([name, { payload: _own, ...told }]) => [name, told]),
  ).toEqual(facts.map((one) => [one.id, one]));
});

describe.each(Object.values(vendors))('$id', (vendor: Vendor) => {
  const subject = subjectOf(vendor);

  let sender: VendorSender | undefined;

  beforeAll(async () => {
    server = await (subject.startServer ?? startVendorServer)();
  });

  beforeEach(() => {
    server.requests.length = 0;
  });

  afterAll(() => server.close());

  /** The sender, whose messages get `answer`; access tokens are to be had. */
  function senderTo(answer: Answer | undefined): VendorSender {
    server.answer = (request) => {
      const accessToken = accessTokenAnswerTo(request.path);
      if (accessToken !== undefined) {
        return { status: 200, body: accessToken };
      }
      return answer && { ...answer, body: (answer.body ?? '').replaceAll(ECHO, echoOf(request)) };
    };
    const certificate = { ...subject.certificate, endpoint: server.url, authEndpoint: server.url };
    sender ??= subject.createSender(certificate, somePorts());
    return sender;
  }

  async function expectPromisesKept(
    answer: Answer | undefined,
    tokens: SendRequest['tokens'] = TOKENS,
  ): Promise<void> {
    const outcomes = await senderTo(answer).send(aSendRequest({ tokens }));

    expect(outcomes).toHaveLength(tokens.length);
    const told = JSON.stringify(outcomes);
    for (const secret of [...TOKENS, ...subject.secrets]) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(encodeURIComponent(secret));
    }
    for (const outcome of outcomes) {
      const text = outcome.kind === 'accepted' ? '' : outcome.reason.text;
      expect(text.length).toBeLessThan(300);
    }
  }

  test('limits have a source and a date', () => {
    expect(vendor.limits.source).toMatch(/^https:\/\//);
    expect(Date.parse(vendor.limits.checkedOn)).toBeLessThanOrEqual(Date.now());
  });

  test('its own addresses are among the hosts it allows', () => {
    const endpoints = [vendor.endpoint, vendor.authEndpoint ?? {}];
    for (const address of endpoints.flatMap((one) =>
      typeof one === 'string' ? one : Object.values(one),
    )) {
      const { hostname, protocol } = new URL(address);
      const isAllowed = vendor.hosts.some((host) =>
        host.startsWith('.') ? hostname.endsWith(host) : hostname === host,
      );
      expect([protocol, isAllowed]).toEqual(['https:', true]);
    }
  });

  test('every code of its table has words, and every kind of outcome has a code', () => {
    const kinds = Object.entries(vendor.errors).map(([code, { kind, text, scope }]) => {
      expect(outcomeOf(vendor.errors, code, '')).toMatchObject({ kind, reason: { code, text } });
      expect(text).not.toBe('');
      expect(scope !== undefined).toBe(kind === 'throttled');
      return kind;
    });

    expect([...new Set(kinds)].sort()).toEqual([
      'misconfigured',
      'rejected',
      'throttled',
      'token-invalid',
      'unauthorized',
      'unavailable',
    ]);
  });

  test('an unknown code is tried a bounded number of times', () => {
    expect(outcomeOf(vendor.errors, 'never-seen', 'words', 5)).toEqual({
      kind: 'unavailable',
      reason: { code: 'never-seen', text: 'words', unmapped: true },
      retryAfterMs: 5,
    });
  });

  test('a broken connection, and none, is an outcome for each token', async () => {
    await expectPromisesKept(undefined);
    const certificate = { ...subject.certificate, endpoint: 'http://127.0.0.1:1' };
    const sender = subject.createSender({ ...certificate, authEndpoint: server.url }, somePorts());
    const outcomes = await sender.send(aSendRequest({ tokens: [...TOKENS] }));
    expect(outcomes).toMatchObject(Array(3).fill({ kind: 'unavailable' }));
  });

  test.each([100, 101, 103, 199, 503])('so is status %i, which ends nothing', async (status) => {
    await expectPromisesKept({ status, body: '' });
  });

  test('so is a compressed answer that cannot be unpacked, and one of several parts', async () => {
    await expectPromisesKept({ status: 200, headers: { 'Content-Encoding': 'gzip' }, body: 'not' });
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b' };
    await expectPromisesKept({ status: 200, headers, body: '--b\r\n\r\nx\r\n--b--\r\n' });
  });

  test('so is any other status with any of the bodies', async () => {
    for (let status = 200; status < 600; status += 1) {
      if (status !== 503) {
        const body = BODIES[status % BODIES.length] ?? '';
        await expectPromisesKept({ status, body }, [TOKENS[0]]);
      }
    }
  });

  test.each(BODIES.map((body) => [body]))(
    'so is any body with the usual statuses: %#',
    async (body) => {
      for (const status of [200, 400, 401, 403, 404, 429, 500]) {
        await expectPromisesKept({ status, body });
      }
    },
  );

  test('so is what nobody thought of', async () => {
    const json = fc.json({ maxDepth: 4 });
    const status = fc.integer({ min: 200, max: 599 }).filter((one) => one !== 503);
    const body = fc.oneof(fc.string({ unit: 'binary' }), json, fc.jsonValue().map(wrapped));
    await fc.assert(
      fc.asyncProperty(status, body, async (one, other) => {
        await expectPromisesKept({ status: one, body: other }, [TOKENS[0]]);
      }),
      { numRuns: 60 },
    );
  });

  test('so are 2 MB of an answer', async () => {
    await expectPromisesKept({ status: 200, body: 'x'.repeat(2 * 1024 * 1024) });
    const reason = ECHO.repeat(2_000);
    await expectPromisesKept({ status: 400, body: JSON.stringify({ code: 4711, reason }) });
    const error = { status: 'NEW_ONE', message: reason };
    await expectPromisesKept({ status: 400, body: JSON.stringify({ error }) });
  });

  test('texts stay within its limits, whole characters only', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3_000, size: 'max' });
    await fc.assert(
      fc.asyncProperty(text, text, async (title, body) => {
        server.requests.length = 0;
        const notification = aNotification({ title, body });
        await senderTo({ status: 400 }).send(aSendRequest({ notification, tokens: ['tokenB2'] }));

        const message = server.requests.find(({ path }) => accessTokenAnswerTo(path) === undefined);
        const sent = message && subject.textsOf(message);
        const { titleCharacters, bodyCharacters } = vendor.limits;
        expect([...(sent?.title ?? '')].length).toBeLessThanOrEqual(titleCharacters);
        expect([...(sent?.body ?? '')].length).toBeLessThanOrEqual(bodyCharacters);
        expect(`${sent?.title}${sent?.body}`.isWellFormed()).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
