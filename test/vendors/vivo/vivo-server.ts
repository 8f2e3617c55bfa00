import type { Certificate } from '../../../lib/model/certificate';
import { createVivoSender } from '../../../lib/vendors/vivo/sender';
import { type Answer, aGate, type Captured, somePorts, startVendorServer } from '../support';
import { aVivoCertificate } from './support';

export const AUTH = '/message/auth';
export const SEND = '/message/send';
export const SAVE = '/message/saveListPayload';
export const LIST = '/message/pushToList';

export type Body = Readonly<Record<string, unknown>>;

/** What is answered to a request; undefined for the usual success. */
type Reply = (request: Captured, body: Body) => Body | undefined;

/** A vivo that hands out auth tokens `a1`, `a2`, … and takes every message, unless told otherwise. */
export async function startVivo() {
  const server = await startVendorServer();
  let issued = 0;
  let saved = 0;
  const usual = new Map<string, () => Body>([
    [AUTH, () => ({ result: 0, authToken: `a${++issued}` })],
    [SEND, () => ({ result: 0, taskId: 'one' })],
    [SAVE, () => ({ result: 0, taskId: `body-${++saved}` })],
    [LIST, () => ({ result: 0, requestId: 'r' })],
  ]);
  return {
    server,
    /** Forgets what came, and answers from now on what `reply` says. */
    answer(reply: Reply = () => undefined): void {
      issued = 0;
      saved = 0;
      server.requests.length = 0;
      server.answer = (request): Answer => {
        const path = request.path.replace(/^\/(auth|push)\//, '/');
        const body = reply(request, JSON.parse(request.body)) ?? usual.get(path)?.();
        return { status: 200, body: JSON.stringify(body) };
      };
    },
    sender: (change: Partial<Certificate> = {}, ports = somePorts()) =>
      createVivoSender(aVivoCertificate({ endpoint: server.url, ...change }), ports),
    paths: () => server.requests.map(({ path }) => path),
    bodies: (path: string): Body[] =>
      server.requests.filter((one) => one.path === path).map(({ body }) => JSON.parse(body)),
  };
}

/** A gate that notes what each request counts. */
export function aWeighingGate() {
  const weights: number[] = [];
  const gate = aGate();
  const { enter } = gate;
  gate.enter = (weight, maxWaitMs) => {
    weights.push(weight);
    return enter(weight, maxWaitMs);
  };
  return { gate, weights };
}
