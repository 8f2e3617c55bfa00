import { currentChannel } from '../../lib/rules/channel';
import { isMuted, muteToken } from '../../lib/rules/muted-token';
import { aDevice, anAccount, anApp, aPresence, aToken, NOW } from '../support/builders';

const phone = aDevice({
  presence: aPresence({ at: NOW - 1_000 }),
  session: { state: 'logged-in', at: NOW - 2_000 },
  tokens: { 'xiaomi-cert': aToken({ token: 'quiet', registeredAt: NOW - 3_000 }) },
});
const account = anAccount([phone]);

function mutedPhone() {
  const muted = muteToken(account, 'xiaomi', 'quiet', NOW)?.account.devices[phone.deviceId];
  if (muted === undefined) throw new Error('nothing was muted');
  return muted;
}

test('a phone that shows nothing is not pushed to', () => {
  expect(currentChannel(phone, anApp())).toMatchObject({ token: 'quiet' });
  expect(currentChannel(mutedPhone(), anApp())).toBe('push-disabled');
});

test('until it is heard of again', () => {
  const muted = mutedPhone();
  const opened = { ...muted, presence: aPresence({ at: NOW + 1 }) };
  const loggedIn = { ...muted, session: { state: 'logged-in', at: NOW + 1 } as const };

  expect(currentChannel(opened, anApp())).toMatchObject({ token: 'quiet' });
  expect(currentChannel(loggedIn, anApp())).toMatchObject({ token: 'quiet' });
});

test('a token registered again is heard', () => {
  const token = aToken({ token: 'quiet', mutedAt: NOW, registeredAt: NOW + 1 });
  expect(isMuted(token, phone)).toBe(false);
});

test('the same report twice, or of somebody else, changes nothing', () => {
  const muted = anAccount([mutedPhone()]);

  expect(muteToken(muted, 'xiaomi', 'quiet', NOW + 5)).toBeUndefined();
  expect(muteToken(account, 'xiaomi', 'another', NOW)).toBeUndefined();
  expect(muteToken(account, 'huawei', 'quiet', NOW)).toBeUndefined();
  expect(muteToken(undefined, 'xiaomi', 'quiet', NOW)).toBeUndefined();
});
