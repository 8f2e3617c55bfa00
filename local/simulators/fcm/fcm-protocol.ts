import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import {
  htmlReply,
  jsonReply,
  type Reply,
  type RequestHead,
  type VendorRequest,
} from '../exchange';
import type { Faults, InjectedFailure } from '../faults';
import type { Phones } from '../phones';
import type { VendorProtocol, Verdict } from '../vendor-front';
import { errorByStatus, errorReply, FCM_ERRORS, type FcmError } from './fcm-errors';
import { type FcmMessage, sendRequest } from './message';
import { findMessageError, parseError } from './message-rules';
import type { OAuth } from './oauth';
import { describeIssue } from './violations';

export interface FcmParts {
  readonly projectId: string;
  readonly packageName: string;
  readonly phones: Phones;
  readonly oauth: OAuth;
  readonly faults: Faults;
  readonly settings: { foreignTokens: ReadonlySet<string> };
}

const SEND = /^\/v1\/projects\/([^/]+)\/messages:send$/;

/** FCM HTTP v1 as its reference describes it, on Google's side. */
export class FcmProtocol implements VendorProtocol {
  readonly #parts: FcmParts;
  #nextId = 0;

  constructor(parts: FcmParts) {
    this.#parts = parts;
  }

  refuseAtDoor({ method, path, headers }: RequestHead): Verdict | undefined {
    const [, projectId] = SEND.exec(path) ?? [];
    if (projectId === undefined || method !== 'POST') {
      const reply = htmlReply(404, 'Error 404 (Not Found)!!1');
      return { accepted: false, code: '404', reply };
    }
    const [, accessToken = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (!this.#parts.oauth.tokens.isGood(accessToken, Date.now())) {
      const challenge = 'Bearer realm="https://accounts.google.com/", error="invalid_token"';
      return refused(FCM_ERRORS.unauthenticated, { 'www-authenticate': challenge });
    }
    return projectId === this.#parts.projectId ? undefined : refused(FCM_ERRORS.permissionDenied);
  }

  refuseByRate(waitMs: number): Verdict {
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    return refused(FCM_ERRORS.quotaExceeded, { 'retry-after': `${seconds}` });
  }

  fail({ status, code, reason, retryAfterSeconds }: InjectedFailure): Reply {
    const headers =
      retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
    return errorByStatus(status, code, reason, headers);
  }

  answer({ headers, body }: VendorRequest): Verdict {
    if (!/^application\/json(;|$)/i.test((headers['content-type'] ?? '').replaceAll(' ', ''))) {
      return refused(badJson('Content-Type must be application/json.'));
    }
    const json = parseJson(body);
    if (json === undefined) return refused(badJson('Unexpected token.'));
    const request = v.safeParse(sendRequest, json);
    if (!request.success) return refused(parseError(...request.issues.map(describeIssue)));
    const { message, validate_only, validateOnly } = request.output;
    const error = findMessageError(message, this.#parts.packageName) ?? this.#tokenError(message);
    if (error !== undefined) return refused(error);
    if (validate_only || validateOnly) return this.#accepted('fake_message_id', 0);
    const id = `0:${Date.now()}${String(this.#nextId++ % 1_000).padStart(3, '0')}%${INSTANCE}${this.#nextId.toString(16).padStart(8, '0')}`;
    if (typeof message.token !== 'string') return this.#accepted(id, 0);
    this.#deliver(message, message.token, id);
    return this.#accepted(id, 1);
  }

  #tokenError({ token }: FcmMessage): FcmError | undefined {
    if (typeof token !== 'string') return undefined;
    if (this.#parts.faults.isDead(token)) return FCM_ERRORS.unregistered;
    const foreign = token.startsWith('foreign-') || this.#parts.settings.foreignTokens.has(token);
    return foreign ? FCM_ERRORS.senderIdMismatch : undefined;
  }

  #deliver(message: FcmMessage, token: string, messageId: string): void {
    const { token: _, ...fields } = message;
    const { notification, android } = message;
    const visible = Boolean(notification ?? android?.notification);
    const tag = android?.notification?.tag;
    this.#parts.phones.deliver(
      {
        vendor: 'fcm',
        package: this.#parts.packageName,
        messageId,
        ...(visible && {
          notification: {
            title: android?.notification?.title ?? notification?.title ?? '',
            body: android?.notification?.body ?? notification?.body ?? '',
            ...(tag && { tag }),
          },
        }),
        fields,
      },
      [token],
    );
  }

  #accepted(id: string, targets: number): Verdict {
    const reply = jsonReply(200, { name: `projects/${this.#parts.projectId}/messages/${id}` });
    return { accepted: true, code: '200', targets, reply };
  }
}

/** Keeps ids of one run apart from those of another. */
const INSTANCE = randomBytes(4).toString('hex');

function refused(error: FcmError, headers: Readonly<Record<string, string>> = {}): Verdict {
  const code = error.errorCode ?? error.status;
  return { accepted: false, code, reply: errorReply(error, headers) };
}

function badJson(what: string): FcmError {
  const message = `Invalid JSON payload received. ${what}`;
  return { code: 400, status: 'INVALID_ARGUMENT', message };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
