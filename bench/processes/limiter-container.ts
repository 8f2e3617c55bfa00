import { setTimeout as pause } from 'node:timers/promises';
import { observeAwsCalls } from '../../lib/aws/call-units';
import { createDynamoDb } from '../../lib/aws/clients';
import { createFlowControl } from '../../lib/aws/flow-control';
import { createGatedHttpClient } from '../../lib/http/gated-http-client';
import { createHttpClient } from '../../lib/http/http-client';
import type { FlowGate } from '../../lib/model/vendor-ports';
import { createNaiveBucket } from '../limiter/naive-bucket';
import type { ContainerSettings, FromContainer } from '../limiter/rig-messages';
import { createStaticShare } from '../limiter/static-share';

/** A sender's container that never runs out of work, in a process of its own: invocations with gaps between them. */
const settings: ContainerSettings = JSON.parse(process.argv[2] ?? '');
const { vendorUrl, table, perSecond, requestsPerInvocation, timeoutMs } = settings;
const IN_FLIGHT = 200;
const CREDIT_WAIT_MS = 1_000;
const BODY = `registration_id=${'t'.repeat(64)}&payload=${'x'.repeat(700)}`;

observeAwsCalls(({ operation }) => {
  process.send?.({ isWrite: !operation.startsWith('Get') } satisfies FromContainer);
});
process.on('disconnect', () => process.exit());

const clock = { now: () => Date.now() + settings.clockAheadMs };
const flow = createFlowControl(createDynamoDb(), table, clock);
const gate = gateOf(settings.strategy);
const http = createGatedHttpClient(createHttpClient(), gate, CREDIT_WAIT_MS);

for (;;) {
  await invoke();
  await pause(15 + 30 * Math.random());
}

function gateOf(strategy: ContainerSettings['strategy']): FlowGate {
  const { certificate, containers } = settings;
  if (strategy === 'static') return createStaticShare(perSecond, containers);
  if (strategy === 'naive') {
    return createNaiveBucket(createDynamoDb(), {
      table,
      pk: `naive/${certificate}`,
      perSecond,
      clock,
    });
  }
  const limit = { vendor: 'xiaomi', appKey: 'bench', certificate } as const;
  return flow.gate({ ...limit, ratePerSecond: perSecond, largestRequest: 1 }, 'direct');
}

async function invoke(): Promise<void> {
  let left = requestsPerInvocation;
  const sendAll = async () => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, left) }, sendAll));
}

/** One that is held stays in the queue and comes again; so would one that is refused, as another request. */
async function send(): Promise<void> {
  for (;;) {
    const result = await http.send({
      method: 'POST',
      url: vendorUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: BODY,
      timeoutMs,
    });
    if (result.kind === 'held') continue;
    if (result.kind === 'response' && result.status === 429) gate.refuse(1);
    return;
  }
}
