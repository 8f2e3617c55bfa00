import { htmlReply, type Reply, type RequestHead, type VendorRequest } from '../exchange';
import type { Faults, InjectedFailure } from '../faults';
import { newRequestId, pushReply, type Refusal, refuse } from '../huawei/codes';
import { type DeliveryParts, deliver } from '../huawei/deliver';
import { accepted, failPush, refused } from '../huawei/huawei-protocol';
import { countTokens, isMalformedToken, type JsonObject, readJson } from '../huawei/json-request';
import type { ReceiptEntry } from '../huawei/receipts';
import { checkJwt, type JwtIssuer } from '../huawei/service-account-jwt';
import type { VendorProtocol, Verdict } from '../vendor-front';
import { type IllegalReason, type SortedTokens, sortTokens } from './illegal-tokens';
import { checkRevocation, revokedTokens } from './revoke';
import { type CheckedMessage, checkSend, readPushType, tokensOf } from './send-rules';

/** What the protocol works with; the settings may change between requests. */
export interface HarmonyParts extends DeliveryParts {
  readonly clientId: string;
  readonly projectId: string;
  readonly packageName: string;
  readonly issuer: JwtIssuer;
  readonly faults: Faults;
  readonly settings: HarmonySettings;
}

export interface HarmonySettings {
  foreignTokens: ReadonlySet<string>;
  illegalTokens: ReadonlyMap<string, IllegalReason>;
}

const SEND = /^\/v3\/([^/]+)\/messages:send$/;
const REVOKE = /^\/v1\/([^/]+)\/messages:revoke$/;

/** Updates of one card on one phone and day (harmonyos-references/push-msg-freq-control). */
const FORM_UPDATES_PER_DAY = 2;

/**
 * Push Kit for HarmonyOS 5 and later, v3, on the vendor's side.
 * Source: developer.huawei.com, harmonyos-references/push-scenariozed-api-request-param, 2026-02.
 */
export class HarmonyProtocol implements VendorProtocol {
  readonly #parts: HarmonyParts;

  constructor(parts: HarmonyParts) {
    this.#parts = parts;
  }

  refuseAtDoor({ method, path, headers }: RequestHead): Verdict | undefined {
    const { projectId, clientId } = this.#parts;
    const [, project] = SEND.exec(path) ?? [];
    const [, client] = REVOKE.exec(path) ?? [];
    if (method !== 'POST' || (project ?? client) === undefined) {
      return { accepted: false, code: '404', reply: htmlReply(404, 'Not Found') };
    }
    const refusal = this.#checkBearer(headers.authorization);
    if (refusal !== undefined) return refused(refusal);
    // sending goes by the project, taking back by the client
    return project === projectId || client === clientId
      ? undefined
      : refused(refuse(80200001, 'the credential is of another project or client'));
  }

  refuseByRate(): Verdict {
    return { accepted: false, code: '503', reply: htmlReply(503, 'Service Unavailable') };
  }

  fail(failure: InjectedFailure): Reply {
    return failPush(failure);
  }

  weigh(request: VendorRequest): number {
    const { json } = readJson(request);
    if (json === undefined) return 1;
    return countTokens(REVOKE.test(request.path) ? revokedTokens(json) : tokensOf(json));
  }

  answer(request: VendorRequest): Verdict {
    const pushType = readPushType(request.headers['push-type']);
    const revokes = REVOKE.test(request.path);
    if (pushType === undefined || (revokes && pushType !== 0 && pushType !== 2)) {
      return refused(refuse(80100003, 'The header does not contain valid push-type'));
    }
    const { json, refusal } = readJson(request);
    if (refusal !== undefined) return refused(refusal);
    if (revokes) return this.#revoke(json, request.body);
    const { pushConsole } = this.#parts;
    const checked = checkSend(json, request.body, pushType, pushConsole);
    return checked.refusal === undefined ? this.#send(checked.message) : refused(checked.refusal);
  }

  #send(message: CheckedMessage): Verdict {
    const sorted = this.#sort(message.target.token);
    if (sorted.legal.length === 0) return refuseAll(sorted);
    const isTest = message.pushOptions?.testMessage ?? false;
    // what counts are requests that are carried out (harmonyos-guides/push-faq-5)
    if (isTest && !this.#parts.pushConsole.takeTest(Date.now())) return refused(refuse(80300029));
    const requestId = newRequestId();
    this.#deliver(message, sorted.legal, requestId);
    return accept(sorted, requestId);
  }

  #revoke(json: JsonObject, body: Buffer): Verdict {
    const checked = checkRevocation(json, body);
    if (checked.refusal !== undefined) return refused(checked.refusal);
    const { notifyId, token: tokens } = checked.revocation;
    const sorted = this.#sort(tokens);
    if (sorted.legal.length === 0) return refuseAll(sorted);
    const { phones, packageName } = this.#parts;
    for (const token of sorted.legal) phones.withdraw(token, packageName, notifyId);
    return { ...accept(sorted, newRequestId()), targets: 0 };
  }

  #sort(tokens: readonly string[]): SortedTokens {
    const { faults, settings } = this.#parts;
    return sortTokens(tokens, (token) => {
      const asked = settings.illegalTokens.get(token);
      if (asked !== undefined) return asked;
      if (faults.isDead(token) || isMalformedToken(token)) return 'tokenFormatError';
      const foreign = token.startsWith('foreign-') || settings.foreignTokens.has(token);
      return foreign ? 'noRight' : undefined;
    });
  }

  #deliver(message: CheckedMessage, tokens: readonly string[], requestId: string): void {
    const { pushConsole, packageName } = this.#parts;
    const { notification, payload, pushOptions, pushType, formId } = message;
    const { notifyId = -1, appMessageId } = notification ?? {};
    deliver(this.#parts, {
      delivery: {
        vendor: 'harmony',
        package: packageName,
        messageId: requestId,
        ...(notification !== undefined && {
          notification: {
            title: notification.title,
            body: notification.body,
            ...(notifyId >= 0 && { notifyId }),
            ...(appMessageId !== undefined && { onceKey: appMessageId }),
          },
        }),
        fields: { pushType, payload, ...(pushOptions !== undefined && { pushOptions }) },
      },
      tokens,
      visible: notification !== undefined,
      marketing: notification !== undefined && pushConsole.isMarketing(notification.category),
      test: pushOptions?.testMessage ? 'allowed' : 'none',
      ...(formId !== undefined && {
        own: { key: `form ${formId}`, perDay: FORM_UPDATES_PER_DAY },
      }),
      receiptId: pushOptions?.receiptId,
      receipt: (token, result, timestamp) =>
        this.#receipt(message, requestId, token, { result, timestamp }),
    });
  }

  /** Source: developer.huawei.com, doccenter-references/api/push-api-msg-receipt, V2: no tag is an empty one. */
  #receipt(
    { pushType, pushOptions, formId }: CheckedMessage,
    requestId: string,
    token: string,
    outcome: { readonly result: number; readonly timestamp: number },
  ): ReceiptEntry {
    const { packageName: appPackageName } = this.#parts;
    const biTag = pushOptions?.biTag ?? '';
    const status =
      formId === undefined ? { deliveryStatus: outcome } : { formStatus: { formId, ...outcome } };
    return { token, pushType, appPackageName, biTag, requestId, ...status };
  }

  /** v3 takes a JWT and nothing else. */
  #checkBearer(authorization = ''): Refusal | undefined {
    const [, bearer] = /^Bearer (\S+)$/.exec(authorization) ?? [];
    return bearer === undefined
      ? refuse(80200001, 'Authorization must be Bearer and a JWT')
      : checkJwt(bearer, this.#parts.issuer, Date.now());
  }
}

function accept({ legal, illegal, illegalCount }: SortedTokens, requestId: string): Verdict {
  if (illegalCount === 0) return accepted(80000000, requestId, legal.length);
  const report = { illegalTokens: illegal, success: legal.length, failure: illegalCount };
  return accepted(80100000, requestId, legal.length, JSON.stringify(report));
}

/** With no token left the report has no `success`, as in answers that developers have shown. */
function refuseAll({ illegal, illegalCount }: SortedTokens): Verdict {
  const msg = JSON.stringify({ illegalTokens: illegal, failure: illegalCount });
  return {
    accepted: false,
    code: '80300007',
    reply: pushReply(80300007, newRequestId(), msg),
  };
}
