import { type Service, startService, until } from '../support/service';
import {
  channelOf,
  decisionFor,
  logInPhone,
  order,
  requestsWith,
  sendTo,
  shownOn,
  sideBySide,
  storyWith,
} from '../support/vendor-journeys';
import { phoneOf, VENDORS, type Vendor } from '../support/vendor-phones';

/** Time enough to renew a token in. */
const LATENCY_MS = 2_500;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const renew = (vendor: Vendor, account: string, token: string) =>
  service.server.call('PUT', `/v1/accounts/${account}/devices/phone/tokens/${vendor}`, { token });
const arrivals = (token: string) => service.machine.simulators.phones.look(token).arrivals;
const GONE = { vendor: null, tokens: 0 };

test.each(VENDORS)('a token that %s calls dead is forgotten', async (vendor) => {
  const account = `gone-from-${vendor}`;
  const token = await logInPhone(service, vendor, account);
  order(service, vendor, { deadTokens: [token] });

  const messageId = await sendTo(service, [account]);
  const story = await storyWith(service, messageId, account, 'token-invalid');

  expect(story).toMatchObject({ outcomes: [{ kind: 'token-invalid' }], receipts: [] });
  expect(await channelOf(service, account)).toEqual(GONE);
  expect(await decisionFor(service, account)).toBe('no-token');
  expect(requestsWith(service, vendor, token)).toHaveLength(1);
});

const losses = sideBySide(VENDORS, async (vendor) => {
  const accounts = [1, 2, 3].map((number) => `lost-${number}-on-${vendor}`);
  const tokens = await Promise.all(accounts.map((one) => logInPhone(service, vendor, one)));
  order(service, vendor, { deadTokens: tokens });
  await sendTo(service, accounts, { conversation: { id: 'team', type: 'team' } });
  return until(
    () => Promise.all(accounts.map((one) => channelOf(service, one))),
    (channels) => channels.every(({ tokens: left }) => left === 0),
    40_000,
  );
});

test.each(VENDORS)(
  'tokens of a group that are all dead are forgotten, whatever %s says of them together',
  async (vendor) => {
    // some say no more than "none was right", so they are tried in ever smaller requests
    expect(await losses(vendor)).toEqual([GONE, GONE, GONE]);
  },
  60_000,
);

const renewals = sideBySide(VENDORS, async (vendor) => {
  const account = `renewed-on-${vendor}`;
  const renewed = phoneOf(vendor).makeToken();
  const token = await logInPhone(service, vendor, account);
  order(service, vendor, { deadTokens: [token], latencyMs: LATENCY_MS });
  const messageId = await sendTo(service, [account]);
  await until(
    () => requestsWith(service, vendor, token).length,
    (requests) => requests > 0,
  );
  await renew(vendor, account, renewed);
  order(service, vendor, { latencyMs: 0 });
  const { tray } = await shownOn(service, renewed);
  return { account, token, tray, story: await storyWith(service, messageId, account, 'accepted') };
});

test.each(VENDORS)(
  'a token renewed while %s calls its predecessor dead stays, and gets the push',
  async (vendor) => {
    const { account, token, tray, story } = await renewals(vendor);

    expect(tray).toMatchObject([{ vendor }]);
    expect(arrivals(token)).toEqual([]);
    expect(story.outcomes.map(({ kind }) => kind)).toEqual(['token-invalid', 'accepted']);
    expect(await channelOf(service, account)).toEqual({ vendor, tokens: 1 });
  },
);

/** What makes a vendor take tokens of a request for several phones, and report them as dead afterwards. */
const REPORTED_AS_DEAD: Readonly<Partial<Record<Vendor, string>>> = {
  xiaomi: 'deadTokens',
  huawei: 'uninstalledTokens',
  oppo: 'uninstalledTokens',
  harmony: 'uninstalledTokens',
};

const REPORTING = VENDORS.filter((vendor) => vendor in REPORTED_AS_DEAD);

const reports = sideBySide(REPORTING, async (vendor) => {
  const account = (name: string) => `${name}-by-receipt-of-${vendor}`;
  const logIn = (name: string) => logInPhone(service, vendor, account(name));
  const gone = {
    dead: await logIn('dead'),
    renewed: await logIn('renewed'),
    returned: await logIn('returned'),
  };
  const living = await logIn('living');
  service.machine.simulators[vendor].reset();
  order(service, vendor, { [REPORTED_AS_DEAD[vendor] ?? '']: Object.values(gone) });

  const names = [...Object.keys(gone), 'living'];
  const messageId = await sendTo(service, names.map(account), {
    conversation: { id: 'team', type: 'team' },
  });
  await shownOn(service, living);
  await storyWith(service, messageId, account('living'), 'accepted');
  await renew(vendor, account('renewed'), phoneOf(vendor).makeToken());
  await renew(vendor, account('returned'), gone.returned);
  const stories = await Promise.all(
    Object.keys(gone).map((name) => storyWith(service, messageId, account(name), 'token-invalid')),
  );
  // a receipt is in the trace before the tokens it names are forgotten
  await until(
    () => channelOf(service, account('dead')),
    ({ tokens }) => tokens === 0,
  );
  return { account, stories };
});

test.each(REPORTING)(
  'a receipt of %s ends a dead token, and none that was registered since',
  async (vendor) => {
    const { account, stories } = await reports(vendor);

    for (const { outcomes, receipts } of stories) {
      expect([...outcomes, ...receipts]).toMatchObject([
        { kind: 'accepted' },
        { kind: 'token-invalid' },
      ]);
    }
    expect(await channelOf(service, account('dead'))).toEqual(GONE);
    for (const name of ['renewed', 'returned', 'living']) {
      expect(await channelOf(service, account(name))).toEqual({ vendor, tokens: 1 });
    }
  },
);
