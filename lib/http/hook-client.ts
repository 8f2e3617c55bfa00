import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import * as v from 'valibot';
import type { HookClient } from '../model/hook';
import { jsonOf } from '../model/json-of';
import type { MessageEvent } from '../model/message-event';
import type { SecretStore } from '../model/ports';
import { type Clock, SECOND_MS } from '../model/time';
import { filledField, idField } from './fields';
import { createHttpClient } from './http-client';
import { isPublicAddress, publicLookup } from './public-lookup';

/** People wait for the push meanwhile. */
const TIMEOUT_MS = 2 * SECOND_MS;

const answerSchema = v.object({
  messages: v.array(
    v.object({
      messageId: idField,
      pushEnabled: v.optional(v.boolean()),
      // an empty one would bring back the text that was to be replaced
      pushContent: v.optional(filledField(500)),
      forcePushContent: v.optional(filledField(500)),
      recipients: v.optional(v.array(idField)),
    }),
  ),
});

/** What the webhook is to be reached with. */
export interface HookPorts {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** Addresses of this machine and plain HTTP are allowed: for one machine alone. */
  readonly loopbackAllowed: boolean;
}

/**
 * Asks an app's webhook: one POST for a call, signed with the app's newest secret. The signature is the HMAC-SHA256 of
 * `<timestamp>.<body>` in hex. Redirects are not followed, and no address of a private network is ever connected to.
 */
export function createHookClient({ secrets, clock, loopbackAllowed }: HookPorts): HookClient {
  const http = createHttpClient(loopbackAllowed ? {} : { lookup: publicLookup });
  return {
    async ask(appKey, { url }, events) {
      if (!mayBeAsked(url, loopbackAllowed)) return { kind: 'failed', code: 'address' };
      const newest = [...(await secrets.secretsOf(appKey))].at(-1);
      if (newest === undefined) return { kind: 'failed', code: 'no-secret' };
      const [keyId, secret] = newest;
      const body = JSON.stringify({ appKey, messages: events.map(told) });
      const timestamp = String(clock.now());
      const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
      const result = await http.send({
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          'x-offline-push-key': keyId,
          'x-offline-push-timestamp': timestamp,
          'x-offline-push-signature': `v1=${signature}`,
        },
        body,
        timeoutMs: TIMEOUT_MS,
      });
      if (result.kind !== 'response') {
        return { kind: 'failed', code: result.kind === 'failed' ? result.code : result.kind };
      }
      if (result.status !== 200) return { kind: 'failed', code: `http-${result.status}` };
      const answer = v.safeParse(answerSchema, jsonOf(result.body));
      return answer.success
        ? { kind: 'answered', changes: answer.output.messages }
        : { kind: 'failed', code: 'unreadable' };
    },
  };
}

/** A literal address is never looked up, so it is checked here. */
function mayBeAsked(url: string, loopbackAllowed: boolean): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (loopbackAllowed) return protocol === 'https:' || protocol === 'http:';
  const host = hostname.replace(/^\[|\]$/g, '');
  return protocol === 'https:' && (isIP(host) === 0 || isPublicAddress(host));
}

function told({ messageId, type, kind, conversation, sender, recipients, ...rest }: MessageEvent) {
  const { body, mentions, pushConfig, sentAt } = rest;
  const accountIds = recipients.map(({ accountId }) => accountId);
  return {
    messageId,
    type,
    kind: kind ?? 'message',
    conversation,
    sender,
    recipients: accountIds,
    body,
    mentions,
    pushConfig,
    sentAt,
  };
}
