import { safeParse } from 'valibot';
import type { SendOutcome } from '../../model/send-outcome';
import { createHuaweiSending } from '../huawei-sending';
import { eachToken } from '../outcomes';
import { addressOf, type CreateSender } from '../vendor';
import { createAccess } from './auth';
import { credentials } from './credentials';
import { huawei } from './index';
import { bodyOf, HEADERS, pushOf, sendPath } from './protocol';

/** Sends through Huawei Push Kit (HMS): one request for up to 1000 tokens of a content. */
export const createHuaweiSender: CreateSender = (certificate, ports) => {
  const opened = safeParse(credentials, certificate.credentials);
  if (!opened.success) {
    const text = 'the credentials are not whole';
    const outcome: SendOutcome = { kind: 'misconfigured', reason: { code: 'certificate', text } };
    return { send: ({ tokens }) => Promise.resolve(eachToken(tokens, () => outcome)) };
  }
  const { clientSecret = '' } = opened.output;
  const authEndpoint = addressOf(certificate.authEndpoint ?? huawei.authEndpoint ?? '', '');
  const { errors, limits } = huawei;
  return createHuaweiSending(
    {
      url: addressOf(certificate.endpoint ?? huawei.endpoint, sendPath(opened.output)),
      headers: HEADERS,
      errors,
      tokensPerRequest: () =>
        Math.min(
          limits.tokensPerRequest,
          certificate.limits?.ratePerSecond ?? limits.ratePerSecond,
        ),
      accessTokens: createAccess(certificate, opened.output, authEndpoint, ports),
      secrets: [clientSecret],
      bodyOf(request) {
        const message = pushOf(request, certificate.package);
        return (tokens) => bodyOf(message, tokens);
      },
    },
    ports,
  );
};
