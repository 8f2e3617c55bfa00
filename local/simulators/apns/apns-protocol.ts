import { randomUUID } from 'node:crypto';
import type { Reply, RequestHead, VendorRequest } from '../exchange';
import type { InjectedFailure } from '../faults';
import type { Phones } from '../phones';
import type { VendorProtocol, Verdict } from '../vendor-front';
import type { Devices } from './devices';
import { type ApnsHeaders, checkHeaders, duplicateHeader, messageIdOf } from './headers';
import { type ApnsPayload, readPayload, visiblePart } from './payload';
import type { ProviderTokens } from './provider-tokens';
import {
  APNS_REASONS,
  type ApnsRefusal,
  isReason,
  reasonOfStatus,
  reasonReply,
  refuse,
} from './reasons';

/** What the protocol works with; the settings may change between requests. */
export interface ApnsParts {
  /** Bundle id of the app. */
  readonly topic: string;
  readonly phones: Phones;
  readonly tokens: ProviderTokens;
  readonly devices: Devices;
  readonly settings: { sandbox: boolean };
}

const DEVICE = /^\/3\/device(?:\/([^/?#]*))?$/;

/** APNs as Apple's documents describe it, on Apple's side. */
export class ApnsProtocol implements VendorProtocol {
  readonly #parts: ApnsParts;

  constructor(parts: ApnsParts) {
    this.#parts = parts;
  }

  refuseAtDoor(head: RequestHead): Verdict | undefined {
    const refusal = this.#judgeHead(head);
    return refusal === undefined ? undefined : this.#refused(head, refusal);
  }

  /** APNs publishes no limit for an app; one that is set here is answered as an overload. */
  refuseByRate(): Verdict {
    return this.#refused(undefined, refuse('ServiceUnavailable'));
  }

  fail({ status, code, reason, retryAfterSeconds }: InjectedFailure): Reply {
    const headers = {
      'apns-id': randomUUID(),
      ...(retryAfterSeconds !== undefined && { 'retry-after': `${retryAfterSeconds}` }),
    };
    const word = code ?? reason ?? reasonOfStatus(status);
    if (word === undefined) return { status, headers, body: '' };
    // a failure asked for by its reason alone has the status that goes with it
    const usual = isReason(word) ? APNS_REASONS[word] : 400;
    return reasonReply(word, status === 200 ? usual : status, this.#deadSince(), headers);
  }

  answer(request: VendorRequest): Verdict {
    const headers = checkHeaders(request.headers, this.#parts.topic);
    if ('reason' in headers) return this.#refused(request, headers);
    const payload = readPayload(request.body, headers.pushType);
    if (isRefusal(payload)) return this.#refused(request, payload);
    const token = (DEVICE.exec(request.path)?.[1] ?? '').toLowerCase();
    const refusal = this.#parts.devices.check(token);
    if (refusal !== undefined) return this.#refused(request, refusal);
    const messageId = messageIdOf(request.headers) ?? randomUUID();
    const isLate = (headers.expiration ?? 0) > 0 && isPast(headers.expiration ?? 0);
    if (!isLate) this.#deliver(request, headers, payload, token, messageId);
    const reply = {
      status: 200,
      headers: {
        'apns-id': messageId,
        ...(this.#parts.settings.sandbox && { 'apns-unique-id': randomUUID() }),
      },
      body: '',
    };
    return { accepted: true, code: '200', targets: isLate ? 0 : 1, reply };
  }

  #judgeHead({ method, path, headers, rawHeaders }: RequestHead): ApnsRefusal | undefined {
    const device = DEVICE.exec(path);
    if (device === null) return refuse('BadPath');
    if (method !== 'POST') return refuse('MethodNotAllowed');
    const twice = duplicateHeader(rawHeaders);
    if (twice !== undefined) return refuse('DuplicateHeaders', twice);
    const { authorization } = headers;
    const refusal = this.#parts.tokens.check(authorization, Date.now());
    if (refusal !== undefined) return refusal;
    return device[1] ? undefined : refuse('MissingDeviceToken');
  }

  #deliver(
    request: VendorRequest,
    { collapseId }: ApnsHeaders,
    payload: ApnsPayload,
    token: string,
    messageId: string,
  ): void {
    const visible = visiblePart(payload);
    const named = Object.entries(request.headers).filter(([name]) => name.startsWith('apns-'));
    this.#parts.phones.deliver(
      {
        vendor: 'apns',
        package: this.#parts.topic,
        messageId,
        ...(visible && {
          notification: { ...visible, ...(collapseId !== undefined && { tag: collapseId }) },
        }),
        fields: { ...Object.fromEntries(named), payload },
      },
      [token],
    );
  }

  #deadSince(): number {
    return this.#parts.devices.settings.deadSince ?? Date.now();
  }

  #refused(head: RequestHead | undefined, { reason, note }: ApnsRefusal): Verdict {
    const headers = {
      'apns-id': (head && messageIdOf(head.headers)) ?? randomUUID(),
      ...(note !== undefined && {
        'simulator-note': note.replaceAll(/[^\x20-\x7e]+/g, ' ').trim(),
      }),
    };
    const reply = reasonReply(reason, APNS_REASONS[reason], this.#deadSince(), headers);
    return { accepted: false, code: reason, reply };
  }
}

/** A payload has `aps`, a refusal has not; a payload may have a key `reason` of the app's. */
function isRefusal(payload: ApnsPayload | ApnsRefusal): payload is ApnsRefusal {
  return !('aps' in payload);
}

function isPast(seconds: number): boolean {
  return seconds * 1_000 <= Date.now();
}
