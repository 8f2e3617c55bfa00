import * as v from 'valibot';
import type { CapturedRequest } from '../../local/simulators/captured-requests';
import { decide } from './journeys';
import { aMessage, type Service, until } from './service';
import { phoneOf, type Vendor } from './vendor-phones';

/** What most journeys need of the service. */
type Running = Pick<Service, 'machine' | 'server' | 'admin'>;

/** Does something for all these vendors side by side, once the first is asked for; most of it is waiting. */
export function sideBySide<Story>(
  vendors: readonly Vendor[],
  act: (vendor: Vendor) => Promise<Story>,
): (vendor: Vendor) => Promise<Story> {
  const started = new Map<Vendor, Promise<Story>>();
  return (vendor) => {
    if (started.size === 0) {
      for (const one of vendors) {
        const story = act(one);
        // whoever asks for it hears of the failure
        story.catch(() => {});
        started.set(one, story);
      }
    }
    return started.get(vendor) ?? Promise.reject(new Error(`nothing is done for ${vendor}`));
  };
}

/** Tells a vendor's simulator what to do; throws when it does not understand. */
export function order(
  { machine }: Running,
  vendor: Vendor,
  change: Readonly<Record<string, unknown>>,
): void {
  const problem = machine.simulators[vendor].obey(change);
  if (problem !== undefined) throw new Error(`${vendor}: ${problem}`);
}

/** The logical id of a vendor's queue. */
export function queueOf(vendor: Vendor, lane: 'Direct' | 'Bulk'): string {
  return `${vendor.charAt(0).toUpperCase()}${vendor.slice(1)}${lane}Queue`;
}

/** A phone of the vendor logs in with a token, a new one unless told; answers the token. */
export async function logInPhone(
  { server }: Running,
  vendor: Vendor,
  accountId: string,
  {
    token = phoneOf(vendor).makeToken(),
    certificate = vendor,
  }: { readonly token?: string; readonly certificate?: string } = {},
): Promise<string> {
  await server.call('PUT', `/v1/accounts/${accountId}/devices/phone`, {
    ...phoneOf(vendor).facts,
    tokens: [{ certificate, token }],
  });
  return token;
}

/** Stores a certificate of the vendor's under a name, and answers the id of its receipt address. */
export async function storeVendorCertificate(
  { machine: { simulators }, admin }: Running,
  vendor: Vendor,
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const authEndpoint = simulators.authEndpoint(vendor);
  const stored = await admin.call('PUT', `/v1/certificates/${encodeURIComponent(name)}`, {
    vendor,
    package: simulators.packageName,
    credentials: simulators.credentials(vendor),
    endpoint: simulators.endpoint(vendor),
    ...(authEndpoint === undefined ? {} : { authEndpoint }),
    ...changes,
  });
  return v.parse(v.object({ receiptId: v.string() }), stored).receiptId;
}

/** Sends a new message and answers its id. */
export async function sendTo(
  { server }: Running,
  recipients: readonly string[],
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const message = aMessage(recipients, changes);
  await server.call('POST', '/v1/messages', message);
  return message.messageId;
}

/** The reason a new message to an account with one phone is decided with. */
export async function decisionFor(service: Running, accountId: string): Promise<string> {
  return (await decide(service, accountId)).join();
}

/** What the phone shows, once it shows something. */
export async function shownOn({ machine }: Running, token: string, withinMs = 10_000) {
  return until(
    () => machine.simulators.phones.look(token),
    (phone) => phone.tray.length > 0,
    withinMs,
  );
}

const trace = v.object({
  devices: v.array(
    v.object({
      accountId: v.string(),
      outcomes: v.array(
        v.object({ kind: v.string(), code: v.optional(v.string()), text: v.optional(v.string()) }),
      ),
      receipts: v.array(v.object({ kind: v.string() })),
    }),
  ),
});

/** What became of a message on an account's phone. */
export async function storyOf({ server }: Running, messageId: string, accountId: string) {
  const told = await server.call('GET', `/v1/messages/${messageId}/trace?accountId=${accountId}`);
  const [device] = v.parse(trace, told).devices;
  return device ?? { accountId, outcomes: [], receipts: [] };
}

/** The same, once it says so: `kind` of an outcome or a receipt. */
export function storyWith(
  service: Running,
  messageId: string,
  accountId: string,
  kind: string,
  withinMs = 10_000,
) {
  return until(
    () => storyOf(service, messageId, accountId),
    ({ outcomes, receipts }) => [...outcomes, ...receipts].some((one) => one.kind === kind),
    withinMs,
  );
}

const account = v.object({
  devices: v.array(
    v.object({
      channel: v.object({ vendor: v.nullable(v.string()) }),
      tokens: v.array(v.object({ fingerprint: v.string() })),
    }),
  ),
});

/** The vendor through which an account's phone can be reached, null without a token, and how many tokens it has. */
export async function channelOf({ server }: Running, accountId: string) {
  const [device] = v.parse(account, await server.call('GET', `/v1/accounts/${accountId}`)).devices;
  return { vendor: device?.channel.vendor, tokens: device?.tokens.length };
}

/** Everything a request says, with percent-encoding and JSON taken off. */
export function readable({ path, body }: Pick<CapturedRequest, 'path' | 'body'>): string {
  const texts = /^\s*\{/.test(body) ? [body] : [...new URLSearchParams(body).values()];
  return [decodeURIComponent(path), ...texts.flatMap((text) => [text, ...stringsIn(text)])].join(
    '\n',
  );
}

function stringsIn(json: string): string[] {
  const found: string[] = [];
  try {
    JSON.parse(json, (_name, value) => typeof value === 'string' && found.push(value));
  } catch {
    // a field that is no JSON
  }
  return found;
}

/** Requests a vendor got that say this, newest last. */
export function requestsWith({ machine }: Running, vendor: Vendor, text: string) {
  return machine.simulators[vendor].front.captured
    .last()
    .filter((request) => readable(request).includes(text));
}
