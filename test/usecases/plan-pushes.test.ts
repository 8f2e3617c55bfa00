import { sha256 } from '../../lib/aws/fingerprint';
import type { Account, Device } from '../../lib/model/account';
import type { AppSettings } from '../../lib/model/app-settings';
import type { ExplicitPresence, MessageEvent } from '../../lib/model/message-event';
import type { VendorId } from '../../lib/model/vendor-id';
import { decideAgain } from '../../lib/rules/decide';
import { ABILITIES } from '../../lib/usecases/check-payloads';
import { decideMessage } from '../../lib/usecases/decide-messages';
import { planPushes } from '../../lib/usecases/plan-pushes';
import { aDevice, aMessageEvent, anAccount, anApp, aToken, NOW } from '../support/builders';
import { BACKGROUND, FOREGROUND } from '../support/deciding';
import { jobsOf } from '../support/planned-pushes';
import { planned } from '../support/planning';

const phoneOf = (vendor: VendorId, changes: Partial<Device> = {}) =>
  aDevice({
    ...(vendor === 'apns' ? { platform: 'ios' } : {}),
    ...(vendor === 'harmony' ? { platform: 'harmony' } : {}),
    autoSelectPushType: true,
    facts: {},
    tokens: { [`${vendor}-cert`]: aToken({ vendor }) },
    ...changes,
  });

describe('presence that an event states', () => {
  const carried = (stated: Omit<ExplicitPresence, 'deviceId' | 'state'> | undefined) => {
    const presence = stated && [{ deviceId: 'phone-1', state: 'disconnected', ...stated } as const];
    const recipient = { accountId: 'bob', ...(presence && { presence }) };
    const event = aMessageEvent({ recipients: [recipient] });
    return planned(event, { bob: aDevice() }).map((push) => push.presence?.at);
  };

  test('goes along with its time, or that of the decision', () => {
    expect(carried({ at: NOW - 5_000 })).toEqual([NOW - 5_000]);
    expect(carried({})).toEqual([NOW]);
    expect(carried(undefined)).toEqual([undefined]);
  });

  test('more than a minute ahead counts as now, so that newer presence still wins', () => {
    expect(carried({ at: NOW + 60_000 })).toEqual([NOW + 60_000]);
    expect(carried({ at: NOW + 60_001 })).toEqual([NOW]);
  });
});

describe('what an event states of desktops', () => {
  const desktops = [
    aDevice({ deviceId: 'web-1', platform: 'web', presence: FOREGROUND }),
    aDevice({ deviceId: 'mac-1', platform: 'macos', presence: FOREGROUND }),
  ];
  const gone = ['phone-1', 'web-1', 'mac-1', 'unknown-1'].map(
    (deviceId) => ({ deviceId, state: 'disconnected' }) as const,
  );
  const event = aMessageEvent({ recipients: [{ accountId: 'bob', presence: gone }] });
  const unwanted = { pushWhenDesktopOnline: false };
  const plannedFor = (account: Account, settings: Partial<AppSettings> = {}) => {
    const situation = {
      app: anApp(undefined, settings),
      accounts: new Map([['bob', account]]),
      heartbeats: new Map(),
      now: NOW,
    };
    const facts = { situation, abilities: ABILITIES, hash: sha256 };
    return { situation, pushes: planPushes(decideMessage(event, situation), facts) };
  };
  const account = anAccount([aDevice(), ...desktops], { settings: unwanted });

  test('goes along with its time, where a desktop stands in the way of pushes', () => {
    const { pushes } = plannedFor(account);

    expect(pushes.map((push) => push.desktops)).toEqual([
      [
        { deviceId: 'web-1', state: 'disconnected', at: NOW },
        { deviceId: 'mac-1', state: 'disconnected', at: NOW },
      ],
    ]);
  });

  test('stays behind where it changes nothing', () => {
    const alone = anAccount([aDevice()], { settings: unwanted });
    const pushes = [alone, { ...account, settings: {} }].map((one) => plannedFor(one).pushes);

    expect(pushes.flat()).toHaveLength(2);
    for (const push of pushes.flat()) expect(push).not.toHaveProperty('desktops');
  });

  test('still counts when the job has waited', () => {
    const { situation, pushes } = plannedFor(account);
    const targets = jobsOf(pushes).flatMap((job) => job.pushes.flatMap((push) => push.targets));

    const again = targets.map((target) =>
      decideAgain({ ...situation, target, certificate: 'xiaomi-cert', account }),
    );

    expect(again).toEqual(['wanted']);
  });
});

describe('what is kept in mind as unread', () => {
  test.each<[string, Parameters<typeof aMessageEvent>[0], VendorId, Partial<AppSettings>, boolean]>(
    [
      ['what an iPhone counts', {}, 'apns', {}, true],
      ['not what is not counted', { pushConfig: { unreadEnabled: false } }, 'apns', {}, false],
      ['not in an app without numbers on icons', {}, 'apns', { badge: false }, false],
      ['not where the vendor does not want the number', {}, 'xiaomi', {}, false],
      ['not what changes a message', { kind: 'modification', replaces: 'm' }, 'apns', {}, false],
      [
        'nor what changes one that may be withdrawn',
        { kind: 'modification', replaces: 'm' },
        'harmony',
        { withdrawRead: true },
        false,
      ],
      [
        'what a conversation shows as one',
        {},
        'xiaomi',
        { classes: { im: { collapse: 'conversation' } } },
        true,
      ],
      ['what may be withdrawn', {}, 'harmony', { withdrawRead: true }, true],
      ['not where the vendor cannot withdraw', {}, 'vivo', { withdrawRead: true }, false],
    ],
  )('%s', (_name, changes, vendor, settings, isRemembered) => {
    const [push] = planned(aMessageEvent(changes), { bob: phoneOf(vendor) }, settings);

    expect(push?.chosen.vendor).toBe(vendor);
    expect(push?.remembered).toBe(isRemembered ? true : undefined);
  });

  test('goes along with the number the device last knew', () => {
    const badge = { value: 4, since: NOW - 1 };
    const [known, unknown] = planned(aMessageEvent(), {
      bob: phoneOf('apns', { badge }),
      carol: phoneOf('apns'),
    });

    expect(known?.badge).toEqual(badge);
    expect(unknown).not.toHaveProperty('badge');
  });
});

describe('a push to a device that is connected', () => {
  const wait = (event: MessageEvent, device: Device, settings: Partial<AppSettings> = {}) =>
    planned(event, { bob: device }, settings).map(({ unacked, notBefore }) => ({
      unacked,
      notBefore,
    }));
  const asking = aMessageEvent({ pushIfUnackedMs: 3_000 });

  test('waits as long as the message says, or else the app', () => {
    const foreground = aDevice({ presence: FOREGROUND });
    const background = aDevice({ presence: BACKGROUND });
    const settings = { pushIfUnackedMs: 7_000 };

    expect(wait(asking, foreground)).toEqual([{ unacked: true, notBefore: NOW + 3_000 }]);
    expect(wait(asking, background, settings)).toEqual([{ unacked: true, notBefore: NOW + 3_000 }]);
    expect(wait(aMessageEvent(), background, settings)).toEqual([
      { unacked: true, notBefore: NOW + 7_000 },
    ]);
  });

  test('does not wait where nothing is connected', () => {
    expect(wait(asking, aDevice())).toEqual([{ unacked: undefined, notBefore: undefined }]);
  });
});

test('an app that only watches sends nothing', () => {
  expect(planned(aMessageEvent(), { bob: aDevice() }, { mode: 'shadow' })).toEqual([]);
});

test('messages of a chat go with the word that they may merge, where the app wants it, and in the same jobs', () => {
  const [plain, merging] = [false, true].map((mergeWaiting) =>
    planned(aMessageEvent(), { bob: aDevice() }, { mergeWaiting }),
  );
  const call = planned(aMessageEvent({ type: 'call' }), { bob: aDevice() }, { mergeWaiting: true });

  expect(merging?.map(({ mayMerge }) => mayMerge)).toEqual([true]);
  expect([...(plain ?? []), ...call].map(({ mayMerge }) => mayMerge)).toEqual([
    undefined,
    undefined,
  ]);
  const [job] = jobsOf(merging ?? []);
  expect(job?.pushes[0].mayMerge).toBe(true);
  expect(job?.jobId).toBe(jobsOf(plain ?? [])[0]?.jobId);
});
