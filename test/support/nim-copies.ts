import { createHash, randomUUID } from 'node:crypto';
import type { AppCredentials } from '../../local/one-machine';
import type { Service } from './service';
import { callWith } from './signed-call';

/** A copy of a text from bob to alice, as NIM sends it: every value is text. */
export function aCopy(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    eventType: '1',
    convType: 'PERSON',
    to: 'alice',
    fromAccount: 'bob',
    fromClientType: 'AOS',
    fromDeviceId: 'bob-phone',
    fromNick: 'Bob',
    msgTimestamp: String(Date.now()),
    msgType: 'TEXT',
    body: 'test text message',
    attach: '',
    msgidClient: randomUUID(),
    msgidServer: String(Math.floor(Math.random() * 2 ** 48)),
    resendFlag: '0',
    ext: '',
    ...changes,
  };
}

/** A copy of a login (2) or a logout (3) of an account's phone `d1`. */
export function aPresenceCopy(
  eventType: '2' | '3',
  accid: string,
  at: number,
  changes: Readonly<Record<string, unknown>> = {},
) {
  return {
    ...{ eventType, accid, deviceId: 'd1', clientType: 'AOS', code: '200' },
    ...{ clientIp: '192.0.2.7', sdkVersion: '152', customTag: '', timestamp: String(at) },
    ...changes,
  };
}

/** A text from bob to alice, as V2 of NIM's server API sends it. */
export function aV2Message() {
  return {
    conversation_id: 'bob|1|alice',
    message_client_id: randomUUID(),
    message: { message_type: 0, text: 'test text message' },
    push_config: { push_nick_enabled: false },
  };
}

/** Headers of a copy with this body, signed now unless told otherwise (epoch milliseconds as text). */
export function copySignature(
  { key, secret }: AppCredentials,
  body: string,
  curTime = String(Date.now()),
): Record<string, string> {
  const md5 = createHash('md5').update(body).digest('hex');
  return {
    AppKey: key,
    CurTime: curTime,
    MD5: md5,
    CheckSum: createHash('sha1').update(`${secret}${md5}${curTime}`).digest('hex'),
  };
}

/** Sends a copy as NIM does, with some headers changed; answers status and body. */
export function postCopy(
  { machine }: Pick<Service, 'machine'>,
  copy: object,
  headers: Readonly<Record<string, string>> = {},
) {
  const signed = copySignature(machine.app, JSON.stringify(copy));
  return callWith({ ...signed, ...headers }, `${machine.stack.url}/v1/nim/copies`, 'POST', copy);
}
