import type { Device } from '../../lib/model/account';
import type { PresenceEvent } from '../../lib/rules/presence';
import { aDevice, NOW } from '../support/builders';
import { anEvent, applyEvents, deviceAfter, LONG_AGO } from '../support/presence-events';

const OLD = { value: 4, since: LONG_AGO };
const told = aDevice({ badge: OLD });

test.each<[string, Device, Partial<PresenceEvent>, Device['badge']]>([
  [
    'is what a phone reports when it goes to the background',
    aDevice(),
    { event: 'background', badge: 7 },
    { value: 7, since: NOW },
  ],
  [
    'is what it reports with any other state',
    told,
    { event: 'disconnect', badge: 0 },
    { value: 0, since: NOW },
  ],
  [
    'is what it reports even while it is looked at',
    told,
    { event: 'foreground', badge: 2 },
    { value: 2, since: NOW },
  ],
  ['is none once somebody looks', told, { event: 'foreground' }, { value: 0, since: NOW }],
  ['is none after a login', told, { event: 'login' }, { value: 0, since: NOW }],
  [
    'is none once somebody looks, though it was never told',
    aDevice(),
    { event: 'foreground' },
    { value: 0, since: NOW },
  ],
  ['of a browser is not kept', aDevice({ platform: 'web' }), { event: 'foreground' }, undefined],
  ['stays when the app leaves the screen', told, { event: 'background' }, OLD],
  ['stays when the connection is lost', told, { event: 'disconnect' }, OLD],
  ['stays when the user logs out', told, { event: 'logout' }, OLD],
  [
    'stays where the report is older than what is known',
    aDevice({ badge: OLD }),
    { event: 'foreground', at: LONG_AGO, badge: 1 },
    OLD,
  ],
])('the number on an icon %s', (_name, device, event, badge) => {
  expect(deviceAfter(device, [anEvent(event)])?.badge).toEqual(badge);
});

test('an iPhone that a login creates counts from then on', () => {
  const { account } = applyEvents(undefined, [anEvent({ event: 'login', platform: 'ios' })]);

  expect(account?.devices['phone-1']?.badge).toEqual({ value: 0, since: NOW });
});
