import { type Service, startService, until } from '../support/service';
import { logInPhone, order, sendTo, sideBySide, storyWith } from '../support/vendor-journeys';
import { VENDORS, type Vendor } from '../support/vendor-phones';

/** Longer than any sender waits for an answer. */
const TOO_LATE_MS = 8_000;
const PATIENCE_MS = 25_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const look = (token: string) => service.machine.simulators.phones.look(token);

/** Sends a message to two phones while the vendor has some trouble, and tells what they show when it was accepted. */
async function withTrouble(
  vendor: Vendor,
  trouble: string,
  change: Readonly<Record<string, unknown>>,
  { phones = 2, mend = async () => {} }: { phones?: number; mend?: () => Promise<void> } = {},
) {
  const accounts = Array.from({ length: phones }, (_, index) => `${trouble}-${vendor}-${index}`);
  const tokens = await Promise.all(accounts.map((account) => logInPhone(service, vendor, account)));
  service.machine.simulators[vendor].reset();
  order(service, vendor, change);
  const messageId = await sendTo(service, accounts, { body: '今晚八点开会' });
  await mend();
  const stories = await Promise.all(
    accounts.map((account) => storyWith(service, messageId, account, 'accepted', PATIENCE_MS)),
  );
  return {
    trays: tokens.map((token) => look(token).tray.map(({ body }) => body)),
    effects: tokens.map((token) => look(token).arrivals.map(({ effect }) => effect)),
    kinds: stories.map(({ outcomes }) => outcomes.map(({ kind }) => kind).join()),
    requests: service.machine.simulators[vendor].counters().requests,
  };
}

const SHOWN = ['Bob:今晚八点开会'];

/** The answer to the request that reaches the phones is lost; vivo saves the text of a list before. */
function dropOne(vendor: Vendor, phones: number) {
  const trouble = `dropped-${phones}`;
  if (vendor !== 'vivo' || phones === 1) {
    return withTrouble(vendor, trouble, { dropAfterAccept: 1 }, { phones });
  }
  return withTrouble(
    vendor,
    trouble,
    { latencyMs: 300 },
    {
      phones,
      async mend() {
        await until(
          () => service.machine.simulators.vivo.counters().accepted,
          (accepted) => accepted > 0,
        );
        order(service, vendor, { latencyMs: 0, dropAfterAccept: 1 });
      },
    },
  );
}

describe.each([1, 2])('to %i of its phones', (phones) => {
  const afterDrop = sideBySide(VENDORS, (vendor) => dropOne(vendor, phones));

  test.each(VENDORS)(
    'a message %s took without answering is sent again, and shown once',
    async (vendor) => {
      const { trays, effects, kinds } = await afterDrop(vendor);

      expect(trays).toEqual(Array(phones).fill(SHOWN));
      expect(kinds).toEqual(Array(phones).fill('accepted'));
      // where phones share a request it came twice to each
      expect(effects.map(([first]) => first)).toEqual(Array(phones).fill('shown'));
      expect(effects.flat()).toEqual(
        expect.arrayContaining([expect.stringMatching(/^(replaced|dropped)$/)]),
      );
    },
  );

  const afterRefusal = sideBySide(VENDORS, (vendor) =>
    withTrouble(vendor, `refused-${phones}`, { failNext: 1, status: 503 }, { phones }),
  );

  test.each(VENDORS)(
    'a message %s was too busy for is sent again, and comes once',
    async (vendor) => {
      const { trays, effects, kinds } = await afterRefusal(vendor);

      expect(trays).toEqual(Array(phones).fill(SHOWN));
      expect(effects).toEqual(Array(phones).fill(['shown']));
      expect(kinds).toEqual(Array(phones).fill('accepted'));
    },
  );
});

const afterDelay = sideBySide(VENDORS, (vendor) =>
  withTrouble(
    vendor,
    'late',
    { latencyMs: TOO_LATE_MS },
    {
      async mend() {
        await until(
          () => service.machine.simulators[vendor].counters().accepted,
          (accepted) => accepted > 0,
        );
        order(service, vendor, { latencyMs: 0 });
      },
    },
  ),
);

test.each(VENDORS)(
  'a message %s took and answered too late is sent again, and shown once',
  async (vendor) => {
    const { trays, kinds, requests } = await afterDelay(vendor);

    expect(trays).toEqual([SHOWN, SHOWN]);
    expect(kinds).toEqual(['accepted', 'accepted']);
    expect(requests).toBeGreaterThan(1);
  },
  40_000,
);
