import { htmlReply, type Reply, type RequestHead, type VendorRequest } from '../exchange';
import type { Faults, InjectedFailure } from '../faults';
import type { TokenDesk } from '../token-desk';
import type { VendorProtocol, Verdict } from '../vendor-front';
import { newRequestId, pushReply, type Refusal, refuse } from './codes';
import { type DeliveryParts, deliver } from './deliver';
import { countTokens, isMalformedToken, readJson } from './json-request';
import type { HuaweiMessage } from './message';
import { checkRequest, isNotification, tokensOf } from './message-rules';
import { RECEIPT } from './push-console';
import type { ReceiptEntry } from './receipts';
import { checkJwt, type JwtIssuer } from './service-account-jwt';

/** What the protocol works with; the settings may change between requests. */
export interface HuaweiParts extends DeliveryParts {
  readonly appId: string;
  readonly clientId: string;
  readonly projectId: string;
  readonly packageName: string;
  readonly desk: TokenDesk;
  readonly issuer: JwtIssuer;
  readonly faults: Faults;
  readonly settings: HuaweiSettings;
}

export interface HuaweiSettings {
  highPriority: boolean;
  receiptVersion: 'v1' | 'v2';
  foreignTokens: ReadonlySet<string>;
}

const SEND = /^\/(v1|v2)\/([^/]+)\/messages:send$/;

/**
 * Push Kit for Android, v1 and v2, on the vendor's side.
 * Source: developer.huawei.com, HMSCore-References/https-send-api-0000001050986197, 2025-08.
 */
export class HuaweiProtocol implements VendorProtocol {
  readonly #parts: HuaweiParts;

  constructor(parts: HuaweiParts) {
    this.#parts = parts;
  }

  refuseAtDoor({ method, path, headers }: RequestHead): Verdict | undefined {
    const [, version, id] = SEND.exec(path) ?? [];
    if (version === undefined || method !== 'POST') {
      return { accepted: false, code: '404', reply: htmlReply(404, 'Not Found') };
    }
    const refusal = this.#checkBearer(headers.authorization);
    if (refusal !== undefined) return refused(refusal);
    const { clientId, projectId } = this.#parts;
    return id === (version === 'v1' ? clientId : projectId)
      ? undefined
      : refused(
          refuse(
            80200001,
            `the credential is of another ${version === 'v1' ? 'client' : 'project'}`,
          ),
        );
  }

  refuseByRate(): Verdict {
    return { accepted: false, code: '503', reply: htmlReply(503, 'Service Unavailable') };
  }

  fail(failure: InjectedFailure): Reply {
    return failPush(failure);
  }

  weigh(request: VendorRequest): number {
    const { json } = readJson(request);
    return json === undefined ? 1 : countTokens(tokensOf(json));
  }

  answer(request: VendorRequest): Verdict {
    const { pushConsole, settings } = this.#parts;
    const read = readJson(request);
    if (read.refusal !== undefined) return refused(read.refusal);
    const rules = { pushConsole, highPriority: settings.highPriority };
    const checked = checkRequest(read.json, request.body, rules);
    if (checked.refusal !== undefined) return refused(checked.refusal);
    const { token: tokens } = checked.message;
    // nothing is kept of who listens to which topic
    if (checked.validateOnly || tokens === undefined) return accepted(80000000, newRequestId(), 0);
    return this.#send(checked.message, tokens);
  }

  #send(message: HuaweiMessage, tokens: readonly string[]): Verdict {
    const illegal = tokens.filter((token) => this.#isIllegal(token));
    if (illegal.length === tokens.length) return refused(refuse(80300007));
    const living = tokens.filter((token) => !this.#isIllegal(token));
    const requestId = newRequestId();
    this.#deliver(message, living, requestId);
    if (illegal.length === 0) return accepted(80000000, requestId, living.length);
    const report = { success: living.length, failure: illegal.length, illegal_tokens: illegal };
    return accepted(80100000, requestId, living.length, JSON.stringify(report));
  }

  #isIllegal(token: string): boolean {
    const { faults, settings } = this.#parts;
    const foreign = token.startsWith('foreign-') || settings.foreignTokens.has(token);
    return foreign || faults.isDead(token) || isMalformedToken(token);
  }

  #deliver(message: HuaweiMessage, tokens: readonly string[], requestId: string): void {
    const { pushConsole, packageName } = this.#parts;
    const { token: _, ...fields } = message;
    const { notification, android } = message;
    const visible = isNotification(message);
    const { notify_id: notifyId = -1, tag } = android?.notification ?? {};
    const shown = {
      title: android?.notification?.title ?? notification?.title ?? '',
      body: android?.notification?.body ?? notification?.body ?? '',
      ...(notifyId >= 0 && { notifyId }),
      ...(tag && { tag }),
    };
    deliver(this.#parts, {
      delivery: {
        vendor: 'huawei',
        package: packageName,
        messageId: requestId,
        ...(visible && { notification: shown }),
        fields,
      },
      tokens,
      visible,
      // the limit of marketing messages is one of notifications
      marketing: visible && pushConsole.isMarketing(android?.category),
      test: android?.target_user_type === 1 ? this.#takeTest() : 'none',
      receiptId: android?.receipt_id,
      receipt: (token, result, timestamp) =>
        this.#receipt(android?.bi_tag ?? '', requestId, token, result, timestamp),
    });
  }

  #takeTest(): 'allowed' | 'used-up' {
    return this.#parts.pushConsole.takeTest(Date.now()) ? 'allowed' : 'used-up';
  }

  /**
   * Sources: V1 HMSCore-References-V5/https-send-receipt-api-0000001051066120-V5, V2
   * doccenter-references/api/push-api-msg-receipt: a message without a tag has an empty one.
   */
  #receipt(
    biTag: string,
    requestId: string,
    token: string,
    result: number,
    timestamp: number,
  ): ReceiptEntry {
    const { settings, appId, packageName: appPackageName } = this.#parts;
    if (settings.receiptVersion === 'v2') {
      const deliveryStatus = { result, timestamp };
      return { biTag, pushType: 0, token, requestId, appPackageName, deliveryStatus };
    }
    // V1 has no code for the limit of a category
    const status = result === RECEIPT.categoryLimited ? RECEIPT.limited : result;
    return { biTag, appid: appId, token, status, timestamp, requestId };
  }

  #checkBearer(authorization = ''): Refusal | undefined {
    const [, bearer = ''] = /^Bearer (\S+)$/.exec(authorization) ?? [];
    if (bearer === '') return refuse(80200001, 'Authorization must be Bearer and a token');
    const now = Date.now();
    if (bearer.includes('.')) return checkJwt(bearer, this.#parts.issuer, now);
    // a token with a character too many counts as expired too (Huawei's blog on error codes)
    return this.#parts.desk.isGood(bearer, now) ? undefined : refuse(80200003);
  }
}

/** The answer to a request that was carried out, if only for some tokens. */
export function accepted(
  code: 80000000 | 80100000,
  requestId: string,
  targets: number,
  msg?: string,
): Verdict {
  return { accepted: true, code: `${code}`, targets, reply: pushReply(code, requestId, msg) };
}

/** The answer to a request that was not carried out. */
export function refused({ code, msg }: Refusal): Verdict {
  return { accepted: false, code: `${code}`, reply: pushReply(code, newRequestId(), msg) };
}

/** A failure that was asked for: with a code in the vendor's form, without one a proxy's page. */
export function failPush({ status, code, reason, retryAfterSeconds }: InjectedFailure): Reply {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
  if (code === undefined) return htmlReply(status, reason ?? 'Service Unavailable', headers);
  const reply = pushReply(code, newRequestId(), reason);
  return { ...reply, status, headers: { ...reply.headers, ...headers } };
}
