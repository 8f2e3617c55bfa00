import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { createHuaweiSending } from '../huawei-sending';
import { eachToken } from '../outcomes';
import { accessBy, createServiceAccountJwt } from '../service-account-jwt';
import { addressOf, type CreateSender } from '../vendor';
import { credentials } from './credentials';
import { harmony } from './index';
import { bodyOf, HEADERS, messageOf, sendPath } from './protocol';

/** Sends to HarmonyOS 5 and later: one request for up to 1000 tokens of a content. */
export const createHarmonySender: CreateSender = (certificate, ports) => {
  const opened = safeParse(credentials, certificate.credentials);
  if (!opened.success) {
    const text = 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    return { send: ({ tokens }) => Promise.resolve(eachToken(tokens, () => outcome)) };
  }
  const { projectId, serviceAccount } = opened.output;
  const { errors, limits } = harmony;
  return createHuaweiSending(
    {
      url: addressOf(certificate.endpoint ?? harmony.endpoint, sendPath(projectId)),
      headers: HEADERS,
      errors,
      tokensPerRequest: Math.min(
        limits.tokensPerRequest,
        certificate.limits?.ratePerSecond ?? limits.ratePerSecond,
      ),
      accessTokens: accessBy(createServiceAccountJwt(serviceAccount, ports.clock)),
      secrets: [],
      bodyOf(request) {
        const message = messageOf(request, certificate.package);
        return (tokens) => bodyOf(message, tokens);
      },
    },
    ports,
  );
};
