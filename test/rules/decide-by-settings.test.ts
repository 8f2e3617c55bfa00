import type { Account, Device, Mute, UserSettings } from '../../lib/model/account';
import type { Insistence } from '../../lib/model/message-event';
import { decideAgain, subjectOf } from '../../lib/rules/decide';
import {
  aDevice,
  aMessageEvent,
  anAccount,
  anApp,
  aPresence,
  aTarget,
  NOW,
} from '../support/builders';
import { BACKGROUND, decide, FOREGROUND, reasonsOf } from '../support/deciding';

/** What differs from: a text to bob in a team, whose one phone is out of reach. */
interface Case {
  readonly account?: Partial<Account>;
  readonly phone?: Partial<Device>;
  readonly others?: readonly Device[];
  readonly insists?: Insistence;
  readonly byManager?: boolean;
  readonly sentAt?: number;
  readonly desktopPlatforms?: readonly Device['platform'][];
}

const TEAM = { id: 'team-7', type: 'team' } as const;

/** The reason for the phone when the message comes, and when its job has waited. */
function reasons({ account, phone, others = [], insists, ...rest }: Case) {
  const event = aMessageEvent({
    conversation: TEAM,
    sender: { accountId: 'alice', ...(rest.byManager ? { role: 'owner' } : {}) },
    ...(rest.sentAt === undefined ? {} : { sentAt: rest.sentAt }),
  });
  const devices = [aDevice(phone), ...others];
  const { desktopPlatforms } = rest;
  const app = anApp(undefined, desktopPlatforms === undefined ? {} : { desktopPlatforms });
  const insisting = insists === undefined ? {} : { insists };
  const [first] = reasonsOf(
    decide({ event, devices, app, ...(account && { account }), ...insisting }),
  );
  const again = decideAgain({
    target: aTarget(insisting),
    subject: subjectOf(event),
    certificate: 'xiaomi-cert',
    account: anAccount(devices, account),
    app,
    heartbeats: new Map(),
    now: NOW,
  });
  return [first, again];
}

const QUEUED = ['queued', 'wanted'];
const both = (reason: string) => [reason, reason];

describe('a muted conversation', () => {
  const silent = both('muted');

  test.each<[Mute, string, Case, readonly string[]]>([
    ['all', 'an ordinary message', {}, silent],
    ['all', 'a mention', { insists: 'mention' }, silent],
    ['all', 'a message of the owner', { byManager: true }, silent],
    ['all', 'a forced push', { insists: 'force' }, QUEUED],
    ['except-mentions', 'an ordinary message', {}, silent],
    ['except-mentions', 'a mention', { insists: 'mention' }, QUEUED],
    ['except-mentions', 'a message of the owner', { byManager: true }, silent],
    ['except-mentions', 'a forced push', { insists: 'force' }, QUEUED],
    ['except-managers', 'an ordinary message', {}, silent],
    ['except-managers', 'a mention', { insists: 'mention' }, silent],
    ['except-managers', 'a message of the owner', { byManager: true }, QUEUED],
    ['except-managers', 'a forced push', { insists: 'force' }, QUEUED],
  ])('muted as %s: %s', (mute, _name, changes, expected) => {
    expect(reasons({ ...changes, account: { mutes: { 'team-7': mute } } })).toEqual(expected);
  });

  test('says nothing about others', () => {
    expect(reasons({ account: { mutes: { 'team-8': 'all' } } })).toEqual(QUEUED);
  });
});

describe('do-not-disturb', () => {
  const silent = both('do-not-disturb');
  const always: UserSettings = { doNotDisturb: { until: NOW + 1 } };

  test.each<[string, Case, readonly string[]]>([
    ['of the account silences', { account: { settings: always } }, silent],
    ['of the device silences', { phone: { settings: always } }, silent],
    ['silences mentions', { account: { settings: always }, insists: 'mention' }, silent],
    ['silences the owner', { account: { settings: always }, byManager: true }, silent],
    ['gives way to force', { account: { settings: always }, insists: 'force' }, QUEUED],
    ['ends', { account: { settings: { doNotDisturb: { until: NOW } } } }, QUEUED],
    [
      'follows the clocks of the device',
      {
        account: { settings: { doNotDisturb: { window: { from: '08:00', to: '08:01' } } } },
        phone: { facts: { manufacturer: 'Xiaomi', timeZone: 'UTC' } },
      },
      silent,
    ],
  ])('%s', (_name, changes, expected) => {
    expect(reasons(changes)).toEqual(expected);
  });
});

describe('a switch that is off', () => {
  test.each<[string, Case]>([
    ['of the account', { account: { settings: { pushEnabled: false } } }],
    ['of the device', { phone: { pushEnabled: false } }],
    [
      'of the account, against force',
      { account: { settings: { pushEnabled: false } }, insists: 'force' },
    ],
  ])('%s wins', (_name, changes) => {
    expect(reasons(changes)).toEqual(both('push-disabled'));
  });

  test('of the account that is on again is on', () => {
    expect(reasons({ account: { settings: { pushEnabled: true } } })).toEqual(QUEUED);
  });
});

describe('a desktop that is connected', () => {
  const quiet = { settings: { pushWhenDesktopOnline: false } };
  const desktop = (changes: Partial<Device> = {}) =>
    aDevice({ deviceId: 'pc', platform: 'windows', tokens: {}, presence: BACKGROUND, ...changes });

  test.each<[string, Case, readonly string[]]>([
    ['keeps phones quiet', { account: quiet, others: [desktop()] }, both('desktop-online')],
    [
      'does so against force',
      { account: quiet, others: [desktop()], insists: 'force' },
      both('desktop-online'),
    ],
    ['does not by itself', { others: [desktop()] }, QUEUED],
    [
      'does not where users want pushes all the same',
      { account: { settings: { pushWhenDesktopOnline: true } }, others: [desktop()] },
      QUEUED,
    ],
    [
      'does not once it is gone',
      { account: quiet, others: [desktop({ presence: aPresence() })] },
      QUEUED,
    ],
    [
      'does not once it is logged out',
      { account: quiet, others: [desktop({ session: { state: 'logged-out', at: NOW } })] },
      QUEUED,
    ],
    [
      'does not once it is kicked',
      { account: quiet, others: [desktop({ session: { state: 'kicked', at: NOW } })] },
      QUEUED,
    ],
    [
      'may be a web page',
      { account: quiet, others: [desktop({ platform: 'web' })] },
      both('desktop-online'),
    ],
    [
      'is one only where the app says so',
      {
        account: quiet,
        others: [desktop({ platform: 'web' })],
        desktopPlatforms: ['windows', 'macos'],
      },
      QUEUED,
    ],
    [
      'may be another phone where the app says so',
      {
        account: quiet,
        others: [desktop({ platform: 'ios' })],
        desktopPlatforms: ['ios'],
      },
      both('desktop-online'),
    ],
  ])('%s', (_name, changes, expected) => {
    expect(reasons(changes)).toEqual(expected);
  });

  test.each([
    ['foreground', aPresence(), 'desktop-online'],
    ['background', aPresence(), 'desktop-online'],
    ['disconnected', FOREGROUND, 'queued'],
  ] as const)('is one if the event says so: %s', (state, presence, reason) => {
    const decision = decide({
      devices: [aDevice(), desktop({ presence })],
      account: quiet,
      recipient: { presence: [{ deviceId: 'pc', state }] },
    });

    expect(reasonsOf(decision)).toEqual([reason, 'no-push-platform']);
  });
});

describe('what was read on another device', () => {
  const reads = { 'team-7': NOW, 'team-8': NOW + 1_000 };

  test.each<[string, Case, readonly string[]]>([
    ['is not pushed', { account: { reads }, sentAt: NOW }, both('read')],
    ['nor what is older', { account: { reads }, sentAt: NOW - 1 }, both('read')],
    ['nor if it is forced', { account: { reads }, insists: 'force' }, both('read')],
    ['but what is newer is', { account: { reads }, sentAt: NOW + 1 }, QUEUED],
    ['and what is in conversations unread', { account: { reads: { 'team-8': NOW } } }, QUEUED],
  ])('%s', (_name, changes, expected) => {
    expect(reasons(changes)).toEqual(expected);
  });
});

test('a blocked account gets nothing, not even by force', () => {
  expect(reasons({ account: { blocked: true }, insists: 'force' })).toEqual(both('blocked'));
});
