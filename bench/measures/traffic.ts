import { randomUUID } from 'node:crypto';
import { message, type Rig } from './rig';

/** One kind of messages. */
export interface Traffic {
  readonly kind: string;
  readonly calls: readonly (() => Promise<unknown>)[];
  readonly pushes: number;
  readonly recipients: number;
  /** So long the vendor takes to answer; senders are busy then, and their queue fills. */
  readonly vendorTakesMs?: number;
  /** Goal of what AWS bills, with nothing kept for the trace. */
  readonly mostUnitsPerPush?: number;
  /** Other trace levels say nothing more of it. */
  readonly onlyWithoutTrace?: true;
  /** The goal depends on how fast the machine is, and gates nothing. */
  readonly isTimed?: true;
  /** Each AWS call of it is told by operation. */
  readonly showsOperations?: true;
  /** One message to a group of which all, or nearly all, are pushed to: growth is told between such. */
  readonly isWholeGroup?: true;
}

/** The kinds of messages that are counted; `scale` of 1 shrinks how many there are of each. */
export function kindsOfTraffic({ server, members }: Rig, scale: number): Traffic[] {
  // made anew for every call: the same message again would be a repeat
  const post = (make: () => unknown) => () => server.call('POST', '/v1/messages', make());
  const single = (index: number) => message([members[1_000 + index] ?? ''], 'p2p');
  const times = <Made>(count: number, make: (index: number) => Made) =>
    Array.from({ length: count }, (_, index) => make(index));
  const list = (more: () => object) => post(() => ({ messages: times(100, single), ...more() }));
  const group = (from: number, size: number) =>
    post(() => message(members.slice(from, from + size), 'team'));
  const singles = Math.round(150 * Math.max(scale, 0.5));
  const lists = Math.max(2, Math.round(5 * scale));
  return [
    {
      kind: '1-to-1, a lone one',
      calls: [post(() => single(0))],
      pushes: 1,
      recipients: 1,
      mostUnitsPerPush: 10,
      showsOperations: true,
    },
    {
      kind: '1-to-1, one event a call',
      calls: times(singles, (index) => post(() => single(index))),
      pushes: singles,
      recipients: singles,
      // senders then find ten messages when they come back to the queue
      vendorTakesMs: 700,
      mostUnitsPerPush: 5.2,
      // claims of what is queued within some milliseconds are shared
      isTimed: true,
      showsOperations: true,
    },
    {
      kind: '1-to-1, one event a call, senders idle',
      calls: times(singles, (index) => post(() => single(index))),
      pushes: singles,
      recipients: singles,
      onlyWithoutTrace: true,
    },
    {
      kind: '1-to-1, 100 events a call',
      calls: times(lists, () => list(() => ({}))),
      pushes: 100 * lists,
      recipients: 100 * lists,
      mostUnitsPerPush: 1.8,
      showsOperations: true,
    },
    {
      kind: '1-to-1, 100 events a call, batchId',
      calls: times(lists, () => list(() => ({ batchId: randomUUID() }))),
      pushes: 100 * lists,
      recipients: 100 * lists,
      mostUnitsPerPush: 0.8,
    },
    {
      kind: 'group of 500, 350 offline',
      calls: times(lists, () => group(0, 500)),
      pushes: 350 * lists,
      recipients: 500 * lists,
      mostUnitsPerPush: 0.85,
      showsOperations: true,
    },
    {
      kind: 'group of 1,000, all offline',
      calls: [group(1_000, 1_000)],
      pushes: 1_000,
      recipients: 1_000,
      isWholeGroup: true,
    },
    {
      kind: 'group of 10,000, 9,850 offline',
      calls: [group(0, 10_000)],
      pushes: 9_850,
      recipients: 10_000,
      isWholeGroup: true,
      showsOperations: true,
    },
  ];
}
