import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { jsonReply, type Reply, readBody, writeReply } from './exchange';
import type { Phones } from './phones';
import { answerPhones } from './phones-api';
import type { VendorSimulator } from './vendor-simulator';

/** A vendor as requests find it. */
export interface RoutedVendor {
  readonly simulator: VendorSimulator;
  isRootPath(path: string): boolean;
}

/** Sends each request to its simulator by the first part of its path. */
export function createRoutes(
  phones: Phones,
  vendors: ReadonlyMap<string, RoutedVendor>,
): RequestListener {
  return (req, res) => {
    route(phones, vendors, req, res).catch(() => res.destroy());
  };
}

async function route(
  phones: Phones,
  vendors: ReadonlyMap<string, RoutedVendor>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = req.url ?? '/';
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const [, name = ''] = path.split('/', 2);
  const named = vendors.get(name)?.simulator;
  if (named !== undefined) {
    const inner = path.slice(name.length + 1);
    if (!isOurs(inner)) return named.handle(req, res, inner);
    return writeReply(res, await operate(named, req, inner, url));
  }
  const rooted = [...vendors.values()].find((vendor) => vendor.isRootPath(path))?.simulator;
  if (rooted !== undefined) return rooted.handle(req, res, path);
  await readBody(req);
  if (path === '/phones' || path.startsWith('/phones/')) {
    return writeReply(res, answerPhones(phones, req.method ?? '', path));
  }
  if (path !== '/') return writeReply(res, notFound());
  const contents = {
    vendors: [...vendors.keys()].map((vendor) => `/${vendor}`),
    phones: ['/phones', '/phones/{token}'],
    operate: ['/{vendor}/control', '/{vendor}/requests?last=10'],
  };
  writeReply(res, jsonReply(200, contents));
}

function isOurs(path: string): boolean {
  return path === '/control' || path === '/requests';
}

/** The operator's side of one simulator: faults in, counters and captured requests out. */
async function operate(
  simulator: VendorSimulator,
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
    const error = simulator.obey(parseJson(body));
    if (error !== undefined) return jsonReply(400, { error });
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
