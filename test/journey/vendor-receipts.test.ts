import { randomBytes } from 'node:crypto';
import { vendors } from '../../lib/vendors/registry';
import { type Relay, type RelayedCall, startRelay } from '../support/relay';
import { type Service, startService, until } from '../support/service';
import {
  channelOf,
  logInPhone,
  order,
  sendTo,
  sideBySide,
  storeVendorCertificate,
  storyOf,
  storyWith,
} from '../support/vendor-journeys';
import { VENDORS, type Vendor } from '../support/vendor-phones';

const SECRET = randomBytes(24).toString('base64');
const USER = 'push-callback';

let service: Service;
let relay: Relay;
const receiptIds = new Map<Vendor, string>();
/** Vendors whose receipts do not get through. */
const heldBack = new Set<Vendor>();

interface Proof {
  readonly receipts: object;
  readonly console: Readonly<Record<string, unknown>>;
}

/** Where a vendor proves that a receipt is its own: what the certificate says of it, and what the vendor's console does. */
const PROOFS: Readonly<Partial<Record<Vendor, Proof>>> = {
  huawei: {
    receipts: { secret: SECRET, user: USER },
    console: { receiptSecret: SECRET, receiptUser: USER },
  },
  harmony: {
    receipts: { secret: SECRET, user: USER },
    console: { receiptSecret: SECRET, receiptUser: USER },
  },
  // Honor signs nothing: the tag it echoes is made with a key of ours
  honor: { receipts: { secret: SECRET }, console: {} },
  meizu: { receipts: { secret: SECRET }, console: { receiptSecret: SECRET } },
};

beforeAll(async () => {
  relay = await startRelay();
  relay.answer = ({ path }) =>
    [...heldBack].some((vendor) => path === addressOf(vendor))
      ? { status: 200, body: '{}' }
      : undefined;
  service = await startService({ publicUrl: relay.url });
  relay.target = service.machine.stack.url;
  for (const vendor of VENDORS) {
    const { receipts, console } = PROOFS[vendor] ?? {};
    const id = await storeVendorCertificate(service, vendor, vendor, receipts && { receipts });
    receiptIds.set(vendor, id);
    service.machine.simulators.useReceiptAddress(vendor, `${relay.url}/r/${id}`);
    order(service, vendor, console ?? {});
  }
});
afterAll(async () => {
  await service.close();
  await relay.close();
});

const addressOf = (vendor: Vendor) => `/r/${receiptIds.get(vendor)}`;

/** The vendor's next receipt call, when it has come. */
async function nextReceipt(vendor: Vendor, since: number): Promise<RelayedCall> {
  const [call] = await until(
    () => relay.calls.slice(since).filter(({ path }) => path === addressOf(vendor)),
    (calls) => calls.length > 0,
  );
  if (call === undefined) throw new Error(`no receipt of ${vendor} came`);
  return call;
}

async function post({ path, headers, body }: RelayedCall) {
  const sent = ['content-type', 'x-huawei-callback-id'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const url = `${service.machine.stack.url}${path}`;
  const answer = await fetch(url, { method: 'POST', headers: Object.fromEntries(sent), body });
  return { status: answer.status, body: await answer.text() };
}

const REPORTING = VENDORS.filter((vendor) => vendors[vendor].readReceipts !== undefined);

const deliveries = sideBySide(REPORTING, async (vendor) => {
  const account = `receiver-of-${vendor}`;
  const since = relay.calls.length;
  await logInPhone(service, vendor, account);
  const messageId = await sendTo(service, [account]);
  const story = await storyWith(service, messageId, account, 'delivered');
  const call = await nextReceipt(vendor, since);
  const answers = [await post(call), await post(call)];
  return { story, answers, later: await storyOf(service, messageId, account) };
});

test.each(REPORTING)(
  'a receipt of %s is in the trace once, however often it comes',
  async (vendor) => {
    const { story, answers, later } = await deliveries(vendor);

    const body = vendors[vendor].receiptAnswer ?? '{"code":0}';
    expect(story).toMatchObject({
      outcomes: [{ kind: 'accepted' }],
      receipts: [{ kind: 'delivered' }],
    });
    expect(answers).toEqual([1, 2].map(() => ({ status: 200, body })));
    expect(later).toEqual(story);
  },
);

/** The call without what proves it, and how it is refused; `call` is a true one of the vendor's. */
function forge(vendor: Vendor, call: RelayedCall): { call: RelayedCall; status: number } {
  const { headers, body } = call;
  switch (vendor) {
    case 'huawei':
    case 'harmony': {
      const signature = String(headers['x-huawei-callback-id']);
      const wrong = signature.replace(/value=.*/, `value=${randomBytes(32).toString('base64')}`);
      return {
        call: { ...call, headers: { ...headers, 'x-huawei-callback-id': wrong } },
        status: 401,
      };
    }
    case 'honor':
      return {
        call: { ...call, body: body.replace(/("biTag":"[\w-]+\.)[\w-]+/, '$1abcdefghijklmnop') },
        status: 401,
      };
    case 'meizu':
      return {
        call: { ...call, body: body.replace(/access_token=[^&]*/, 'access_token=guessed') },
        status: 401,
      };
    default:
      return {
        call: { ...call, path: `/r/${randomBytes(16).toString('base64url')}` },
        status: 404,
      };
  }
}

const forgeries = sideBySide(REPORTING, async (vendor) => {
  const account = `target-on-${vendor}`;
  const since = relay.calls.length;
  await logInPhone(service, vendor, account);
  heldBack.add(vendor);
  const messageId = await sendTo(service, [account]);
  const before = await storyWith(service, messageId, account, 'accepted');
  const call = await nextReceipt(vendor, since);
  heldBack.delete(vendor);
  const forged = forge(vendor, call);
  const refusal = await post(forged.call);
  const after = await storyOf(service, messageId, account);
  const truth = await post(call);
  return {
    call,
    forged,
    refusal,
    before,
    after,
    truth,
    end: await storyOf(service, messageId, account),
  };
});

test.each(REPORTING)('a forged receipt of %s is refused, and changes nothing', async (vendor) => {
  const { call, forged, refusal, before, after, truth, end } = await forgeries(vendor);

  expect(forged.call).not.toEqual(call);
  expect(refusal.status).toBe(forged.status);
  expect(after).toEqual(before);
  expect(after.receipts).toEqual([]);
  expect(truth.status).toBe(200);
  expect(end).toMatchObject({ receipts: [{ kind: 'delivered' }] });
});

/** The same call, but it says that the token is dead. */
function asDead(vendor: Vendor, { body, ...call }: RelayedCall): RelayedCall {
  switch (vendor) {
    case 'xiaomi':
      return {
        ...call,
        body: body.replace(encodeURIComponent('"type":1,'), encodeURIComponent('"type":16,')),
      };
    case 'oppo':
      return { ...call, body: body.replace('push_arrive', 'regid_invalid') };
    case 'huawei':
      return { ...call, body: body.replace('"status":0', '"status":5') };
    case 'harmony':
      return { ...call, body: body.replace('"result":0', '"result":5') };
    default:
      throw new Error(`${vendor} reports no dead tokens`);
  }
}

const CONDEMNING: readonly Vendor[] = ['xiaomi', 'huawei', 'oppo', 'harmony'];

const sentences = sideBySide(CONDEMNING, async (vendor) => {
  const account = `condemned-on-${vendor}`;
  const since = relay.calls.length;
  await logInPhone(service, vendor, account);
  await sendTo(service, [account]);
  const call = await nextReceipt(vendor, since);
  const dead = asDead(vendor, call);
  const refusal = await post(forge(vendor, dead).call);
  const kept = await channelOf(service, account);
  const truth = await post(dead);
  return { call, dead, refusal, kept, truth, end: await channelOf(service, account) };
});

test.each(CONDEMNING)('only a true receipt of %s ends a token', async (vendor) => {
  const { call, dead, refusal, kept, truth, end } = await sentences(vendor);

  expect(dead.body).not.toBe(call.body);
  expect([401, 404]).toContain(refusal.status);
  expect(kept).toEqual({ vendor, tokens: 1 });
  expect(truth.status).toBe(200);
  expect(end).toEqual({ vendor: null, tokens: 0 });
});

test.each(VENDORS.filter((vendor) => !REPORTING.includes(vendor)))(
  'nobody is listened to at the receipt address of %s, which sends none',
  async (vendor) => {
    const call = { method: 'POST', path: addressOf(vendor), headers: {}, body: '{"statuses":[]}' };

    expect(await post(call)).toMatchObject({ status: 404 });
  },
);
