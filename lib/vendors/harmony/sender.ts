import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { createHuaweiSending, type HuaweiDialect } from '../huawei-sending';
import { eachToken } from '../outcomes';
import { accessBy, createServiceAccountJwt } from '../service-account-jwt';
import { addressOf, type CreateSender, type VendorSender } from '../vendor';
import { credentials } from './credentials';
import { harmony } from './index';
import {
  bodyOf,
  HEADERS,
  messageOf,
  revokeBodyOf,
  revokePath,
  sendPath,
  tokensPerRequest,
} from './protocol';

/** Sends to HarmonyOS 5 and later, and takes back what was sent: one request for up to 1000 tokens of a content. */
export const createHarmonySender: CreateSender = (certificate, ports) => {
  const opened = safeParse(credentials, certificate.credentials);
  if (!opened.success) {
    const text = 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    const answer: VendorSender['send'] = ({ tokens }) =>
      Promise.resolve(eachToken(tokens, () => outcome));
    return { send: answer, withdraw: answer };
  }
  const { clientId, projectId, serviceAccount } = opened.output;
  const { errors, limits } = harmony;
  const endpoint = certificate.endpoint ?? harmony.endpoint;
  const tokensPerSecond = certificate.limits?.ratePerSecond ?? limits.ratePerSecond;
  const common = {
    headers: HEADERS,
    errors,
    accessTokens: accessBy(createServiceAccountJwt(serviceAccount, ports.clock)),
    secrets: [],
  };
  const sending: HuaweiDialect = {
    ...common,
    url: addressOf(endpoint, sendPath(projectId)),
    tokensPerRequest: (request) => Math.min(tokensPerRequest(request), tokensPerSecond),
    bodyOf(request) {
      const message = messageOf(request, certificate.package);
      return (tokens) => bodyOf(message, tokens);
    },
  };
  const revoking: HuaweiDialect = {
    ...common,
    url: addressOf(endpoint, revokePath(clientId)),
    tokensPerRequest: () => Math.min(limits.tokensPerRequest, tokensPerSecond),
    bodyOf: (request) => (tokens) => revokeBodyOf(request, tokens),
  };
  return {
    send: createHuaweiSending(sending, ports).send,
    withdraw: createHuaweiSending(revoking, ports).send,
  };
};
