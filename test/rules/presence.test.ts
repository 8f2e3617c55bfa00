import type { NodeHeartbeat, Presence } from '../../lib/model/account';
import { MINUTE_MS, SECOND_MS } from '../../lib/model/time';
import { clampAt, isConnected, NODE_SILENCE_MS } from '../../lib/rules/presence';
import { aDevice, aHeartbeat, aPresence, NOW } from '../support/builders';
import { anEvent, deviceAfter, LONG_AGO } from '../support/presence-events';

describe('the time of a fact', () => {
  test.each([
    ['absent means now', undefined, NOW],
    ['the past stays', NOW - 5, NOW - 5],
    ['60 s ahead is a clock that is a little fast', NOW + MINUTE_MS, NOW + MINUTE_MS],
    ['more than 60 s ahead is taken as now', NOW + MINUTE_MS + 1, NOW],
  ])('%s', (_name, at, expected) => {
    expect(clampAt(at, NOW)).toBe(expected);
  });

  test('an event from the future is taken as now', () => {
    const after = deviceAfter(aDevice(), [anEvent({ at: NOW + 2 * MINUTE_MS })]);

    expect(after?.presence.at).toBe(NOW);
  });
});

describe('who vouches for a connection', () => {
  const claim = (changes: Partial<Presence>) => aPresence({ connected: true, ...changes });
  const byNode = (at: number, epoch?: string) =>
    claim({ at, witness: { kind: 'node', node: 'node-1', ...(epoch && { epoch }) } });
  const beat = aHeartbeat({ epoch: 'new', epochSince: NOW - MINUTE_MS, at: NOW - SECOND_MS });
  const silent = aHeartbeat({ at: NOW - NODE_SILENCE_MS });

  test.each<[string, Presence, NodeHeartbeat | undefined, boolean]>([
    ['a device that is not connected has no witness', aPresence(), undefined, false],
    ['a claim without a witness never ends', claim({ at: 0 }), undefined, true],
    ['a lease that runs', claim({ witness: { kind: 'phone', until: NOW + 1 } }), undefined, true],
    ['a lease that ends now', claim({ witness: { kind: 'phone', until: NOW } }), undefined, false],
    ['a node not heard of yet: the claim is its beat', byNode(NOW - 399_999), undefined, true],
    ['a node never heard of', byNode(NOW - NODE_SILENCE_MS), undefined, false],
    ['an old claim, the node of that epoch beats', byNode(LONG_AGO, 'new'), beat, true],
    ['a claim of an epoch that is over', byNode(NOW, 'old'), beat, false],
    ['a claim without epoch, since the node runs', byNode(beat.epochSince), beat, true],
    ['a claim without epoch, before the node ran', byNode(beat.epochSince - 1), beat, false],
    ['a silent node', byNode(LONG_AGO, 'epoch-1'), silent, false],
    ['a silent node with a fresh claim', byNode(NOW - 1, 'epoch-1'), silent, true],
    ['another node beats', byNode(LONG_AGO), { ...beat, node: 'node-2' }, false],
  ])('%s', (_name, presence, heartbeat, expected) => {
    const heartbeats = new Map(heartbeat === undefined ? [] : [[heartbeat.node, heartbeat]]);

    expect(isConnected(presence, heartbeats, NOW)).toBe(expected);
  });
});
