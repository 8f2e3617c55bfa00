import * as v from 'valibot';
import type { Certificate } from '../../lib/model/certificate';
import { createApnsSender } from '../../lib/vendors/apns/sender';
import { createSenderWithin } from '../../lib/vendors/fcm/sender';
import { createHarmonySender } from '../../lib/vendors/harmony/sender';
import { createHonorSender } from '../../lib/vendors/honor/sender';
import { createHuaweiSender } from '../../lib/vendors/huawei/sender';
import { createMeizuSender } from '../../lib/vendors/meizu/sender';
import { createOppoSender } from '../../lib/vendors/oppo/sender';
import type { vendors } from '../../lib/vendors/registry';
import type { CreateSender, Vendor } from '../../lib/vendors/vendor';
import { createVivoSender } from '../../lib/vendors/vivo/sender';
import { createXiaomiSender } from '../../lib/vendors/xiaomi/sender';
import { anApnsCertificate, startHttp2VendorServer } from './apns/support';
import { anHonorCertificate, HONOR_CREDENTIALS } from './honor/support';
import { aHarmonyCertificate, aHuaweiCertificate, HUAWEI_CREDENTIALS } from './huawei/support';
import { aMeizuCertificate, MEIZU_CREDENTIALS } from './meizu/support';
import { anOppoCertificate, OPPO_CREDENTIALS } from './oppo/support';
import {
  anFcmCertificate,
  aXiaomiCertificate,
  type Captured,
  type VendorServer,
  XIAOMI_CREDENTIALS,
} from './support';
import { aVivoCertificate, VIVO_CREDENTIALS } from './vivo/support';

export const ACCESS_TOKEN = 'ya29.AccessToken0123456789';
/** Answers to requests for an access token, by the end of their path. */
const ACCESS_TOKEN_ANSWERS: Readonly<Record<string, object>> = {
  '/token': { access_token: ACCESS_TOKEN, expires_in: 3_599 },
  '/server/v1/auth': { code: 0, message: 'success', data: { auth_token: ACCESS_TOKEN } },
  '/message/auth': { result: 0, desc: 'ok', authToken: ACCESS_TOKEN },
};

/** The body that gives an access token; undefined for a request that wants none. */
export function accessTokenAnswerTo(path: string): string | undefined {
  const known = Object.entries(ACCESS_TOKEN_ANSWERS).find(([end]) => path.endsWith(end));
  return known && JSON.stringify(known[1]);
}

export const TOKENS = ['tokenA1:x_y-z==', 'tokenB2', 'tokenC3'] as const;

const fcmBody = v.object({
  message: v.object({
    notification: v.object({ title: v.optional(v.string(), ''), body: v.string() }),
  }),
});
const huaweiBody = v.object({
  message: v.object({
    android: v.object({ notification: v.object({ title: v.string(), body: v.string() }) }),
  }),
});
const harmonyBody = v.object({
  payload: v.object({ notification: v.object({ title: v.string(), body: v.string() }) }),
});

const oppoMessage = v.object({
  notification: v.object({ title: v.string(), content: v.string() }),
});
const vivoBody = v.object({ title: v.string(), content: v.string() });
const apnsBody = v.object({
  aps: v.object({ alert: v.object({ title: v.optional(v.string(), ''), body: v.string() }) }),
});
const honorBody = v.object({
  android: v.object({ notification: v.object({ title: v.string(), body: v.string() }) }),
});
const meizuBody = v.object({
  noticeBarInfo: v.object({ title: v.string(), content: v.string() }),
});

interface Kept {
  readonly title: string;
  readonly body: string;
}

/** What the contract needs to know about a vendor's sender; a vendor without an entry does not compile. */
export interface Subject {
  readonly createSender: CreateSender;
  readonly certificate: Certificate;
  readonly secrets: readonly string[];
  /** The texts of a captured message. */
  readonly textsOf: (request: Captured) => Kept;
  /** Where the vendor speaks something else than HTTP/1.1. */
  readonly startServer?: () => Promise<VendorServer>;
}

const subjects: Readonly<Record<keyof typeof vendors, Subject>> = {
  xiaomi: {
    createSender: createXiaomiSender,
    certificate: aXiaomiCertificate(),
    secrets: [XIAOMI_CREDENTIALS.appSecret],
    textsOf({ body }) {
      const form = new URLSearchParams(body);
      return { title: form.get('title') ?? '', body: form.get('description') ?? '' };
    },
  },
  fcm: {
    // the SDK repeats what broke, so a short time for it all
    createSender: (certificate, ports) => createSenderWithin(400, certificate, ports),
    certificate: anFcmCertificate(),
    secrets: [ACCESS_TOKEN],
    textsOf: ({ body }) => v.parse(fcmBody, JSON.parse(body)).message.notification,
  },
  huawei: {
    createSender: createHuaweiSender,
    certificate: aHuaweiCertificate(),
    secrets: [ACCESS_TOKEN, HUAWEI_CREDENTIALS.clientSecret],
    textsOf: ({ body }) => v.parse(huaweiBody, JSON.parse(body)).message.android.notification,
  },
  harmony: {
    createSender: createHarmonySender,
    certificate: aHarmonyCertificate(),
    secrets: [],
    textsOf: ({ body }) => v.parse(harmonyBody, JSON.parse(body)).payload.notification,
  },
  oppo: {
    createSender: createOppoSender,
    certificate: anOppoCertificate(),
    secrets: [ACCESS_TOKEN, OPPO_CREDENTIALS.masterSecret],
    textsOf({ body }) {
      const message = JSON.parse(new URLSearchParams(body).get('message') ?? '');
      const { title, content } = v.parse(oppoMessage, message).notification;
      return { title, body: content };
    },
  },
  vivo: {
    createSender: createVivoSender,
    certificate: aVivoCertificate(),
    secrets: [ACCESS_TOKEN, VIVO_CREDENTIALS.appSecret],
    textsOf({ body }) {
      const { title, content } = v.parse(vivoBody, JSON.parse(body));
      return { title, body: content };
    },
  },
  honor: {
    createSender: createHonorSender,
    certificate: anHonorCertificate(),
    secrets: [ACCESS_TOKEN, HONOR_CREDENTIALS.clientSecret],
    textsOf: ({ body }) => v.parse(honorBody, JSON.parse(body)).android.notification,
  },
  meizu: {
    createSender: createMeizuSender,
    certificate: aMeizuCertificate(),
    secrets: [MEIZU_CREDENTIALS.appSecret],
    textsOf({ body }) {
      const json = new URLSearchParams(body).get('messageJson') ?? '';
      const { title, content } = v.parse(meizuBody, JSON.parse(json)).noticeBarInfo;
      return { title, body: content };
    },
  },
  apns: {
    createSender: createApnsSender,
    certificate: anApnsCertificate(),
    secrets: ['bearer'],
    textsOf: ({ body }) => v.parse(apnsBody, JSON.parse(body)).aps.alert,
    startServer: () => startHttp2VendorServer(),
  },
};

/** Stands for all that was sent: the request, and what it says once decoded. */
export const ECHO = '%ECHO%';

/** Bodies a vendor, a proxy or an attacker may answer. */
export const BODIES: readonly string[] = [
  '',
  'null',
  '[]',
  '"text"',
  '{',
  '{"code":0',
  '{"code":{},"reason":[],"data":null}',
  '{"code":0,"data":{"id":7},"trace_id":{}}',
  '{"error":null}',
  '{"error":{"code":"x","status":[],"message":{},"details":[null,1,{"@type":7}]}}',
  '<html><body>502 Bad Gateway</body></html>',
  '\u0000\uffff',
  `{"code":4711,"result":"error","reason":"${ECHO}","description":"${ECHO}"}`,
  `{"code":"${ECHO}"}`,
  `{"code":0,"data":{"id":"${ECHO}"},"name":"${ECHO}"}`,
  `{"error":{"code":400,"status":"NEW_ONE","message":"${ECHO}"}}`,
  `{"error":{"status":"${ECHO}","message":"${ECHO}","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"${ECHO}"}]}}`,
  `{"code":"80000000","msg":"${ECHO}","requestId":"${ECHO}"}`,
  `{"code":"80100000","msg":"{\\"illegal_tokens\\":{\\"x\\":[\\"tokenB2\\"]}}"}`,
  `{"code":"80300002","msg":"${ECHO}"}`,
  `{"code":41,"message":"${ECHO}","data":"${ECHO}"}`,
  `{"code":0,"message":"","data":{"messageId":"${ECHO}"}}`,
  `{"code":0,"data":[{"registrationId":"tokenB2","messageId":"${ECHO}"},{"registrationId":"tokenC3","errorCode":67,"errorMessage":"${ECHO}"},{"registrationId":{},"errorCode":{"toString":1,"valueOf":1}},null]}`,
  '{"code":0,"data":[{"registrationId":"tokenB2","errorCode":{"toString":1,"valueOf":1}}]}',
  `{"result":0,"desc":"${ECHO}","taskId":"${ECHO}","invalidUser":{"status":9,"userid":"${ECHO}"}}`,
  '{"result":0,"invalidUsers":[null,7,{"status":{"toString":1},"userid":"tokenB2"},{"status":2}]}',
  `{"result":10302,"desc":"${ECHO}","invalidUsers":"${ECHO}"}`,
  `{"code":200,"message":"${ECHO}","data":{"requestId":"${ECHO}","failTokens":["tokenB2"],"expireTokens":"${ECHO}"}}`,
  `{"code":"200","value":{"${ECHO}":["tokenB2"],"110002":{}},"msgId":"${ECHO}"}`,
  `{"code":"300","message":"${ECHO}","redirect":"${ECHO}"}`,
  `{"reason":"${ECHO}","timestamp":"${ECHO}"}`,
  `<html>${ECHO}</html>`,
];

export function echoOf({ path, headers, body }: Captured): string {
  const all = `${decodeURIComponent(path)} ${headers.authorization} ${headers['authtoken']} ${body} ${[...new URLSearchParams(body)]}`;
  return JSON.stringify(all).slice(1, -1);
}

export function subjectOf({ id }: Vendor): Subject {
  const subject = new Map<string, Subject>(Object.entries(subjects)).get(id);
  if (subject === undefined) {
    throw new Error(`no subject for ${id}`);
  }
  return subject;
}

/** JSON in the places the vendors' answers have it. */
export function wrapped(value: unknown): string {
  return JSON.stringify({
    code: value,
    result: value,
    reason: value,
    data: value,
    name: value,
    error: { status: value, message: value, details: [value] },
  });
}
