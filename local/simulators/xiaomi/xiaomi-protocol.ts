import { randomBytes } from 'node:crypto';
import type { DailyQuota } from '../daily-quota';
import {
  htmlReply,
  jsonReply,
  type Reply,
  type RequestHead,
  type VendorRequest,
} from '../exchange';
import type { Faults, InjectedFailure } from '../faults';
import type { Phones } from '../phones';
import { type FormFields, parseForm } from '../strict-form';
import type { VendorProtocol, Verdict } from '../vendor-front';
import type { XiaomiChannels } from './channels';
import { describeCode, type Refusal, refuse } from './codes';
import { findRefusal, type MessageForm, RECEIPT_BITS, targetsOf } from './message-checks';
import type { Receipts } from './receipts';
import { readRevocation } from './revocation';

/** What the protocol works with; the settings may change between requests. */
export interface XiaomiParts {
  readonly appSecret: string;
  readonly packages: readonly string[];
  readonly phones: Phones;
  readonly receipts: Receipts;
  readonly quota: DailyQuota;
  readonly faults: Faults;
  readonly settings: { ipNotAllowed: boolean; channels?: XiaomiChannels | undefined };
}

const REVOKE = '/v1/message/regid/revoke';
const SEND = /^\/(v[234])\/message\/regid$/;
const UNLIMITED_QUOTA = 100_000_000;

/** MiPush as its documents describe it, on the vendor's side. Source: dev.mi.com pId=1559, 2024-10-21. */
export class XiaomiProtocol implements VendorProtocol {
  readonly #parts: XiaomiParts;
  #nextId = 0;

  constructor(parts: XiaomiParts) {
    this.#parts = parts;
  }

  refuseAtDoor({ method, path, headers }: RequestHead): Verdict | undefined {
    if (path !== REVOKE && !SEND.test(path)) return this.#refused(refuse(10020, 'no such API'));
    if (method !== 'POST') return this.#refused(refuse(10021, 'only POST is served'));
    if (this.#parts.settings.ipNotAllowed) return this.#refused(refuse(10004, 'IP not allowed'));
    if (headers.authorization !== `key=${this.#parts.appSecret}`) {
      return this.#refused(refuse(21301, 'Invalid application secret.'));
    }
    return undefined;
  }

  refuseByRate(): Verdict {
    return this.#refused(refuse(200002, 'exceed QPS limit'));
  }

  fail({ status, code, reason, retryAfterSeconds }: InjectedFailure): Reply {
    const headers =
      retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
    if (code === undefined) return htmlReply(status, reason ?? 'Service Unavailable', headers);
    const number = Number(code);
    return { ...this.#error(refuse(number, reason ?? describeCode(number)), headers), status };
  }

  answer({ path, headers, body }: VendorRequest): Verdict {
    const contentType = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
    if (!/^application\/x-www-form-urlencoded(;charset="?utf-8"?)?$/.test(contentType)) {
      return this.#refused(refuse(10007, 'Content-Type must be a UTF-8 form'));
    }
    const form = parseForm(body);
    if (!form.ok) return this.#refused(refuse(10008, form.problem));
    if (path === REVOKE) return this.#revoke(form.fields);
    const repeated = [...form.fields].find(([, values]) => values.length > 1);
    if (repeated) return this.#refused(refuse(10008, `${repeated[0]} is given more than once`));
    const fields = new Map([...form.fields].map(([name, [value = '']]) => [name, value]));
    const version = path.slice(1, 3);
    return this.#send({ version: version === 'v3' || version === 'v4' ? version : 'v2', fields });
  }

  #send(form: MessageForm): Verdict {
    const { packages, settings, quota, faults } = this.#parts;
    const refusal = findRefusal(form, { packages, channels: settings.channels });
    if (refusal !== undefined) return this.#refused(refusal);
    const now = Date.now();
    if (quota.isUsedUp(now)) {
      const acked = quota.delivered(now);
      return this.#refused(
        refuse(200001, `exceed quota, quota: ${quota.total}, have acked: ${acked}`),
      );
    }
    const targets = targetsOf(form.fields);
    const living = targets.filter((target) => !faults.isDead(target));
    // only when no target at all is usable does the vendor say so at once
    if (living.length === 0) return this.#refused(refuse(20301, 'No valid targets!'));
    const messageId = this.#newId('sdm');
    this.#deliver(form, living, messageId);
    quota.add(living.length, now);
    this.#report(form, messageId, RECEIPT_BITS.delivered, living);
    const dead = targets.filter((target) => faults.isDead(target));
    if (dead.length > 0) this.#report(form, messageId, RECEIPT_BITS.invalidTarget, dead);
    return this.#ok(living.length, {
      data: {
        id: messageId,
        day_quota: String(quota.total ?? UNLIMITED_QUOTA),
        day_acked: String(quota.delivered(now)),
      },
      info: `Received push messages for ${targets.length} REGID`,
    });
  }

  #deliver({ fields }: MessageForm, tokens: readonly string[], messageId: string): void {
    const { registration_id: _, ...shown } = Object.fromEntries(fields);
    const jobkey = fields.get('extra.jobkey');
    const notification = {
      title: fields.get('title') ?? '',
      body: fields.get('description') ?? '',
      // without an id the tray has room for one notification of the app
      notifyId: Number(fields.get('notify_id') ?? 0),
      ...(jobkey !== undefined && { onceKey: jobkey }),
    };
    const packageName = (fields.get('restricted_package_name') ?? '').split(',')[0] ?? '';
    const visible = fields.get('pass_through') === '0';
    this.#parts.phones.deliver(
      {
        vendor: 'xiaomi',
        package: packageName,
        messageId,
        ...(visible && { notification }),
        fields: shown,
      },
      tokens,
    );
  }

  #report(form: MessageForm, messageId: string, type: number, targets: readonly string[]): void {
    const callback = form.fields.get('extra.callback');
    const wanted = Number(form.fields.get('extra.callback.type') ?? 3);
    if (callback === undefined || (wanted & type) === 0) return;
    this.#parts.receipts.add({
      callback,
      messageId,
      param: form.fields.get('extra.callback.param'),
      jobkey: form.fields.get('extra.jobkey'),
      type,
      targets,
    });
  }

  #revoke(form: FormFields): Verdict {
    const { packages, phones, faults } = this.#parts;
    const revocation = readRevocation(form, packages);
    if ('code' in revocation) return this.#refused(revocation);
    const { targets, packageName, notifyId } = revocation;
    const living = targets.filter((target) => !faults.isDead(target));
    if (living.length === 0) return this.#refused(refuse(20301, 'No valid targets!'));
    for (const token of living) phones.withdraw(token, packageName, notifyId);
    return this.#ok(0, { data: {} });
  }

  #ok(targets: number, more: Readonly<Record<string, unknown>>): Verdict {
    const answer = { result: 'ok', trace_id: this.#newId('Xdm'), code: 0, ...more };
    const reply = jsonReply(200, { ...answer, description: '成功' });
    return { accepted: true, code: '0', targets, reply };
  }

  #refused(refusal: Refusal): Verdict {
    return { accepted: false, code: String(refusal.code), reply: this.#error(refusal) };
  }

  #error({ code, reason }: Refusal, headers: Readonly<Record<string, string>> = {}): Reply {
    const description = describeCode(code);
    const trace = this.#newId('Xcm');
    return jsonReply(200, { result: 'error', reason, trace_id: trace, code, description }, headers);
  }

  #newId(prefix: string): string {
    return `${prefix}5${INSTANCE}${Date.now()}${(this.#nextId++).toString(36).padStart(4, '0')}`;
  }
}

/** Keeps ids of one run apart from those of another. */
const INSTANCE = String(randomBytes(2).readUInt16BE()).padStart(5, '0');
