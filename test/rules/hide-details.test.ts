import fc from 'fast-check';
import type { Account, Device } from '../../lib/model/account';
import { type AppSettings, DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { MessageEvent } from '../../lib/model/message-event';
import type { Notification } from '../../lib/model/notification';
import type { Push } from '../../lib/model/push-job';
import { hideDetails } from '../../lib/rules/hide-details';
import { aDevice, aMessageEvent, anAccount, aPushJob, aTarget } from '../support/builders';
import { rendered } from '../support/rendering';

const HIDDEN = { settings: { showDetail: false } };
const EVENT = aMessageEvent({
  body: 'secret',
  sender: { accountId: 'secret', nick: 'secret' },
  pushConfig: { pushPayload: '{"pushTitle":"secret","ticker":"secret","channel_id":"7"}' },
});
const STACKED = { classes: { im: { collapse: 'conversation', alertEverySeconds: 3 } } } as const;

/** What is left of a push that was rendered openly, to phones of accounts named a, b, c… */
function hide(
  notification: Notification,
  devices: readonly [Partial<Device>, ...Partial<Device>[]],
  settings: Partial<AppSettings> = {},
  changes: Pick<Push, 'withdraws'> = {},
): Push[] {
  const names = devices.map((_, index) => String.fromCharCode(97 + index));
  const accounts = new Map<string, Account>(
    devices.map((device, index) => {
      const accountId = names[index] ?? '';
      return [accountId, anAccount([aDevice({ facts: {}, ...device })], { accountId })];
    }),
  );
  const [first = aTarget(), ...rest] = names.map((accountId) => aTarget({ accountId }));
  const [push] = aPushJob().pushes;
  const targets = [first, ...rest] as const;
  return hideDetails({ ...push, notification, targets, ...changes }, accounts, {
    ...DEFAULT_APP_SETTINGS,
    ...settings,
  });
}

const owners = ({ targets }: Push) => targets.map(({ accountId }) => accountId).join('');

test('nothing of what a message says is left, and all that does not say anything', () => {
  const open = rendered(EVENT, {}, STACKED);
  const [push] = hide(open, [HIDDEN], STACKED);

  expect(JSON.stringify(open).match(/secret/g)?.length).toBeGreaterThan(5);
  expect(JSON.stringify(push?.notification)).not.toContain('secret');
  expect(push?.notification.fields).toEqual({ channel_id: '7' });
  expect(push?.notification.stack).toEqual({ text: '[{count}条] {text}', alertEverySeconds: 3 });
});

test('each phone is told in its language, by the set it names; those that see the same share a push', () => {
  const settings = { textSets: { work: { en: 'Something at work' } } };
  const english = { ...HIDDEN, facts: { locale: 'en' } };
  const pushes = hide(
    rendered(EVENT, {}, settings),
    [
      {},
      HIDDEN,
      english,
      { ...HIDDEN, facts: { locale: 'zh-CN' } },
      { ...HIDDEN, facts: { locale: 'en-GB', textSet: 'work' } },
      {},
      english,
    ],
    settings,
  );

  expect(pushes.map((push) => [owners(push), push.notification.body])).toEqual([
    ['af', 'secret:secret'],
    ['bd', '请点击查看'],
    ['cg', 'Tap to view'],
    ['e', 'Something at work'],
  ]);
});

test('where nobody hides anything, and where nothing is shown, a push stays as it is', () => {
  const open = rendered(EVENT);

  expect(hide(open, [{}, {}])).toMatchObject([{ notification: open, targets: [{}, {}] }]);
  expect(hide(open, [HIDDEN], {}, { withdraws: true })).toMatchObject([{ notification: open }]);
});

test('a phone whose account is gone keeps what was rendered for it', () => {
  const [push] = aPushJob().pushes;

  expect(hideDetails(push, new Map(), DEFAULT_APP_SETTINGS)).toEqual([push]);
});

test('whoever hides details later sees what those saw who hid them at once', () => {
  const event = fc.record({
    type: fc.constantFrom<MessageEvent['type']>('text', 'image', 'call', 'custom'),
    nick: fc.string(),
    body: fc.string(),
    pushTitle: fc.string(),
  });
  const phone = fc.record({
    locale: fc.constantFrom('zh', 'en', 'en-GB', 'fr'),
    textSet: fc.constantFrom('work', 'none'),
    insists: fc.constantFrom('force' as const, 'mention' as const, undefined),
  });
  const settings = fc.constantFrom<Partial<AppSettings>>(
    {},
    STACKED,
    { ...STACKED, textSets: { work: { en: 'At work', fr: 'Au travail' } } },
    { texts: { fr: { hidden: 'Voir', 'hidden-title': 'Nouveau message' } } },
  );
  fc.assert(
    fc.property(event, phone, settings, ({ type, nick, ...said }, phoneOf, ofApp) => {
      const { locale, textSet, insists } = phoneOf;
      const message = aMessageEvent({
        type,
        body: said.body,
        sender: { accountId: 'alice', nick },
        pushConfig: {
          pushPayload: JSON.stringify({ pushTitle: said.pushTitle, ticker: said.body, style: 1 }),
        },
      });
      const viewer = { languages: [locale], insists };
      const late = { ...HIDDEN, facts: { locale, textSet } };
      const [push] = hide(rendered(message, viewer, ofApp), [late], ofApp);
      const [twice] = hide(push?.notification ?? rendered(message), [late], ofApp);

      const atOnce = rendered(message, { ...viewer, hidden: { textSet } }, ofApp);
      expect(push?.notification).toEqual(atOnce);
      expect(twice?.notification).toEqual(atOnce);
    }),
  );
});
