import type { FlowGate, HttpClient } from '../model/vendor-ports';

/**
 * Lets nothing through without a pass of `gate`, and gives the pass back when the answer, a time-out or
 * an error is in. A request that gets no pass within `maxWaitMs` ends as `held`: nothing was sent.
 * A request of weight 0 (an access token's) is no business of the vendor's count and passes freely.
 */
export function createGatedHttpClient(
  client: HttpClient,
  gate: FlowGate,
  maxWaitMs: number,
): HttpClient {
  return {
    async send(request) {
      const weight = request.weight ?? 1;
      if (weight === 0) {
        return client.send(request);
      }
      // a limiter out of order is no reason to send without it, and none to forget what became of other requests
      const pass = await gate.enter(weight, maxWaitMs).catch(() => undefined);
      if (pass === undefined) {
        return { kind: 'held' };
      }
      let isAnswered = false;
      try {
        const result = await client.send(request);
        isAnswered = result.kind === 'response';
        return result;
      } finally {
        pass.leave(isAnswered);
      }
    },
  };
}
