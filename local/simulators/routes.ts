import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { jsonReply, type Reply, readBody, writeReply } from './exchange';
import { type FcmSimulator, fcmControl } from './fcm/fcm-simulator';
import type { Phones } from './phones';
import { answerPhones } from './phones-api';
import { type XiaomiSimulator, xiaomiControl } from './xiaomi/xiaomi-simulator';

interface Parts {
  readonly phones: Phones;
  readonly xiaomi: XiaomiSimulator;
  readonly fcm: FcmSimulator;
}

/** Sends each request to its simulator by the first part of its path. */
export function createRoutes(parts: Parts): RequestListener {
  return (req, res) => {
    route(parts, req, res).catch(() => res.destroy());
  };
}

async function route(parts: Parts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { phones, xiaomi, fcm } = parts;
  const url = req.url ?? '/';
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (path.startsWith('/xiaomi/')) {
    const inner = path.slice('/xiaomi'.length);
    if (!isOurs(inner)) return xiaomi.front.handle(req, res, inner);
    return writeReply(res, await operate(xiaomi, xiaomiControl, req, inner, url));
  }
  if (path.startsWith('/fcm/')) {
    const inner = path.slice('/fcm'.length);
    if (inner === '/token') return fcm.authorize(req, res);
    if (!isOurs(inner)) return fcm.front.handle(req, res, inner);
    return writeReply(res, await operate(fcm, fcmControl, req, inner, url));
  }
  // Google's SDK has its own host and paths without a prefix: whoever connects it here finds FCM at the root
  if (path.startsWith('/v1/projects/')) return fcm.front.handle(req, res, path);
  if (path === '/token') return fcm.authorize(req, res);
  await readBody(req);
  if (path === '/phones' || path.startsWith('/phones/')) {
    return writeReply(res, answerPhones(phones, req.method ?? '', path));
  }
  writeReply(res, path === '/' ? jsonReply(200, CONTENTS) : notFound());
}

const CONTENTS = {
  vendors: ['/xiaomi', '/fcm'],
  phones: ['/phones', '/phones/{token}'],
  operate: ['/{vendor}/control', '/{vendor}/requests?last=10'],
};

function isOurs(path: string): boolean {
  return path === '/control' || path === '/requests';
}

interface Operable<Control> {
  readonly front: { readonly captured: { last(count?: number): unknown } };
  control(change: Control): void;
  counters(): unknown;
  reset(): void;
}

/** The operator's side of one simulator: faults in, counters and captured requests out. */
async function operate<Control>(
  simulator: Operable<Control>,
  schema: v.GenericSchema<Control, Control>,
  req: IncomingMessage,
  path: string,
  url: string,
): Promise<Reply> {
  const body = await readBody(req);
  if (path === '/requests') {
    if (req.method !== 'GET') return notAllowed('GET');
    const last = new URL(url, 'http://simulators').searchParams.get('last') ?? '20';
    if (!/^\d{1,6}$/.test(last)) return jsonReply(400, { error: 'last must be a number' });
    return jsonReply(200, { requests: simulator.front.captured.last(Number(last)) });
  }
  if (req.method === 'DELETE') simulator.reset();
  else if (req.method === 'POST') {
    const change = v.safeParse(schema, parseJson(body));
    if (!change.success) return jsonReply(400, { error: v.summarize(change.issues) });
    simulator.control(change.output);
  } else if (req.method !== 'GET') return notAllowed('GET, POST, DELETE');
  return jsonReply(200, simulator.counters());
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function notFound(): Reply {
  return jsonReply(404, { error: 'nothing here; see GET /' });
}

function notAllowed(allow: string): Reply {
  return jsonReply(405, { error: `allowed: ${allow}` }, { allow });
}
