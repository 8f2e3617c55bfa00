import {
  htmlReply,
  jsonReply,
  type Reply,
  type RequestHead,
  type VendorRequest,
} from '../exchange';
import type { Faults, InjectedFailure } from '../faults';
import { parseJson } from '../json-body';
import type { TokenDesk } from '../token-desk';
import type { VendorProtocol, Verdict } from '../vendor-front';
import { describeCode, errorReply, type Refusal, refuse } from './codes';
import type { Deliveries, Sent } from './deliveries';
import { readForm } from './form';
import { checkMessage, type MessageRules } from './message-checks';
import type { OppoSettings } from './oppo-settings';
import { findPathRefusal, UNICAST } from './paths';

/** What the protocol works with; the settings may change between requests. */
export interface OppoParts {
  readonly desk: TokenDesk;
  readonly deliveries: Deliveries;
  readonly faults: Faults;
  settings(): OppoSettings;
}

/** Messages of one call, or why there are none. */
type Call =
  | { readonly messages: readonly unknown[]; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly isStranger: boolean };

const MAX_BATCH = 1_000;

/** OPPO PUSH on the vendor's side: unicast and batch unicast (OPPO open platform, doc 11238). */
export class OppoProtocol implements VendorProtocol {
  readonly #parts: OppoParts;
  readonly #calls = new WeakMap<VendorRequest, Call>();

  constructor(parts: OppoParts) {
    this.#parts = parts;
  }

  refuseAtDoor({ method, path }: RequestHead): Verdict | undefined {
    const refusal = findPathRefusal(method, path);
    if (refusal !== undefined) return refused(refusal);
    return this.#parts.settings().ipNotAllowed ? refused(refuse(26)) : undefined;
  }

  /** Messages; a call with bad credentials counts nothing. */
  weigh(request: VendorRequest): number {
    const call = this.#read(request);
    if (call.refusal === undefined) return call.messages.length;
    return call.isStranger ? 0 : 1;
  }

  refuseByRate(): Verdict {
    return refused(refuse(this.#parts.settings().rateCode));
  }

  fail({ status, code, reason, retryAfterSeconds }: InjectedFailure): Reply {
    const headers =
      retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
    if (code === undefined) return htmlReply(status, reason ?? 'Service Unavailable', headers);
    const message = reason ?? describeCode(Number(code));
    return jsonReply(status, { code: Number(code), message }, headers);
  }

  answer(request: VendorRequest): Verdict {
    const call = this.#read(request);
    if (call.refusal !== undefined) return refused(call.refusal);
    const rules = this.#rules();
    const checked = call.messages.map((message) => checkMessage(message, rules));
    const [only] = checked;
    const isUnicast = request.path === UNICAST;
    if (isUnicast && only?.refusal !== undefined) return refused(only.refusal);
    const now = Date.now();
    if (!this.#parts.deliveries.hasRoom(checked, now)) return refused(refuse(33));
    const sent = checked.map((one) => this.#parts.deliveries.send(one, now));
    return isUnicast ? answerUnicast(sent[0]) : answerBatch(call.messages, sent);
  }

  #rules(): MessageRules {
    const { settings, faults } = this.#parts;
    return { ...settings(), isDead: (registrationId) => faults.isDead(registrationId) };
  }

  #read(request: VendorRequest): Call {
    const known = this.#calls.get(request);
    if (known !== undefined) return known;
    const call = this.#parse(request);
    this.#calls.set(request, call);
    return call;
  }

  #parse(request: VendorRequest): Call {
    const name = request.path === UNICAST ? 'message' : 'messages';
    const form = readForm(request, ['auth_token', name]);
    if (form.refusal !== undefined) return { refusal: form.refusal, isStranger: true };
    const token = form.fields.get('auth_token');
    if (!token) return { refusal: refuse(29), isStranger: true };
    if (!this.#parts.desk.isGood(token, Date.now())) {
      return { refusal: refuse(11), isStranger: true };
    }
    const text = form.fields.get(name);
    if (!text) return { refusal: refuse(40, `${name} is missing`), isStranger: false };
    const value = parseJson(text);
    if (value === undefined)
      return { refusal: refuse(41, `${name} is not JSON`), isStranger: false };
    return name === 'message' ? { messages: [value] } : readBatch(value);
  }
}

function readBatch(value: unknown): Call {
  const refused = (refusal: Refusal): Call => ({ refusal, isStranger: false });
  if (!Array.isArray(value)) return refused(refuse(41, 'messages must be a JSON array'));
  const messages: readonly unknown[] = value;
  if (messages.length === 0) return refused(refuse(40, 'messages is empty'));
  if (messages.length > MAX_BATCH) return refused(refuse(41, `more than ${MAX_BATCH} messages`));
  // answers are told apart by the id: a message without one could not be answered
  return messages.every((one) => targetOf(one) !== undefined)
    ? { messages }
    : refused(refuse(41, 'a message without target_value'));
}

function targetOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('target_value' in message)) {
    return undefined;
  }
  return typeof message.target_value === 'string' ? message.target_value : undefined;
}

function answerUnicast(sent: Sent | undefined): Verdict {
  if (sent?.messageId === undefined) return refused(sent?.refusal ?? refuse(41));
  const data = { messageId: sent.messageId };
  const reply = jsonReply(200, { code: 0, message: describeCode(0), data });
  return { accepted: true, code: '0', targets: 1, reply };
}

function answerBatch(messages: readonly unknown[], sent: readonly Sent[]): Verdict {
  const answers = sent.map(({ messageId, refusal }, index) => {
    const registrationId = targetOf(messages[index]);
    if (refusal === undefined) return { messageId, registrationId };
    return { registrationId, errorCode: refusal.code, errorMessage: refusal.message };
  });
  // no answer stands where its message stood, so that matching by place shows
  const data = [...answers.slice(1), ...answers.slice(0, 1)];
  const reply = jsonReply(200, { code: 0, message: '', data });
  const targets = sent.filter(({ refusal }) => refusal === undefined).length;
  return { accepted: true, code: '0', targets, reply };
}

function refused(refusal: Refusal): Verdict {
  return { accepted: false, code: `${refusal.code}`, reply: errorReply(refusal) };
}
