import type { ApiCall } from '../lib/http/http-function';
import { parse } from '../lib/http/parse';
import { acksBody } from '../lib/http/recall-schemas';
import { warningsFor } from '../lib/http/unknown-fields';
import { Refusal } from '../lib/model/errors';
import { api } from './wiring/api';
import { acks, clock } from './wiring/container';

const MAX_BODY_BYTES = 524_288;

/** Keeps which devices have which messages. */
export const handler = api({
  'POST /v1/acks': {
    scope: 'device',
    accountInBody: true,
    maxBodyBytes: MAX_BODY_BYTES,
    async handle({ appKey, caller, body }) {
      const given = parse(acksBody, body ?? {}).acks.map((ack, index) => ({
        ...ack,
        accountId: accountOf(caller, ack.accountId, index),
      }));
      await acks().save(appKey, given, clock.now());
      return { status: 202, body: { acknowledged: given.length, ...warningsFor(body, acksBody) } };
    },
  },
});

/** Whose device it is: of a device token's account, or of the one that a server names. */
function accountOf(caller: ApiCall['caller'], named: string | undefined, index: number): string {
  const own = caller.kind === 'token' && caller.scope === 'device' ? caller.accountId : undefined;
  if (own !== undefined && named !== undefined && named !== own) {
    throw new Refusal(403, 'a device token is good for its own account only');
  }
  const accountId = own ?? named;
  if (accountId === undefined) {
    const path = `acks[${index}].accountId`;
    throw new Refusal(400, 'the request has invalid fields', [{ path, message: 'is required' }]);
  }
  return accountId;
}
