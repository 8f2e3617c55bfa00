import { verifyCopy } from '../lib/http/copy-signature';
import { answersOf } from '../lib/http/message-answer';
import { type Copy, readCopy } from '../lib/http/nim-copies';
import { messageInForm, messageInV2 } from '../lib/http/nim-forms';
import { DEFAULT_APP_SETTINGS } from '../lib/model/app-settings';
import { ConflictError, Refusal } from '../lib/model/errors';
import { eventOfNim, teamIdOf } from '../lib/rules/nim-message';
import { dispatchCopy } from '../lib/usecases/dispatch-copy';
import { dispatchMessages } from '../lib/usecases/dispatch-messages';
import { reportPresenceEvents } from '../lib/usecases/report-presence';
import { api } from './wiring/api';
import { accounts, apps, clock, teams, telemetry } from './wiring/container';
import { dispatchPorts } from './wiring/dispatch';

const MAX_COPY_BYTES = 262_144;

/** Takes what NIM's own servers tell of messages and logins, and messages in the forms of NIM's server API. */
export const handler = api({
  'POST /v1/nim/copies': {
    scope: 'server',
    verify: verifyCopy,
    maxBodyBytes: MAX_COPY_BYTES,
    async handle({ appKey, body }) {
      return { status: 200, body: await take(appKey, readCopy(body)) };
    },
  },

  'POST /v1/nim/messages': {
    scope: 'server',
    takesForms: true,
    async handle({ appKey, body }) {
      const isForm = body instanceof URLSearchParams;
      const message = isForm ? messageInForm(body, clock.now()) : messageInV2(body, clock.now());
      const teamId = teamIdOf(message);
      const team = teamId === undefined ? undefined : await teams().get(appKey, teamId);
      if (teamId !== undefined && (team === undefined || team.members.length === 0)) {
        const path = isForm ? 'to' : 'conversation_id';
        const said = 'names a team whose members nobody told';
        throw new Refusal(404, 'unknown-team', [{ path, message: said }]);
      }
      const event = eventOfNim(message, team, (await settingsOf(appKey)).ttlSeconds);
      const answers = await dispatchMessages(appKey, [event], dispatchPorts());
      return { status: 202, body: answersOf(answers)[0] };
    },
  },
});

/** An unknown app is refused later. */
async function settingsOf(appKey: string) {
  return (await apps().get(appKey))?.settings ?? DEFAULT_APP_SETTINGS;
}

async function take(appKey: string, copy: Copy) {
  switch (copy.kind) {
    case 'message':
      return takeMessage(appKey, copy);
    case 'presence':
      return takePresence(appKey, copy);
    case 'ignored':
      return ignored('ignored');
  }
}

async function takeMessage(
  appKey: string,
  { message, warnings }: Extract<Copy, { readonly kind: 'message' }>,
) {
  const { messageId } = message;
  const teamId = teamIdOf(message);
  const team = teamId === undefined ? undefined : await teams().get(appKey, teamId);
  if (teamId !== undefined && (team === undefined || team.members.length === 0)) {
    return { ...ignored('unknown-team'), messageId };
  }
  const event = eventOfNim(message, team, (await settingsOf(appKey)).ttlSeconds);
  const outcome = await dispatchCopy(appKey, event, dispatchPorts());
  const all = [...warnings, ...outcome.warnings];
  if (all.length > 0) ignored('push-properties');
  return { result: outcome.result, messageId, ...(all.length > 0 ? { warnings: all } : {}) };
}

/** A login of which NIM tells comes without a lease, and nobody renews it. */
async function takePresence(
  appKey: string,
  { event, accountId, kind: _presence, ...rest }: Extract<Copy, { readonly kind: 'presence' }>,
) {
  const { nimLogoutCopy } = await settingsOf(appKey);
  const [result] = await reportPresenceEvents(
    appKey,
    [
      {
        accountId,
        event: {
          ...rest,
          event: event === 'logout' ? nimLogoutCopy : event,
          witness: { kind: 'none' },
        },
      },
    ],
    { accounts: accounts(), apps: apps(), clock },
  );
  // NIM sends what is refused again
  if (result === 'conflict') throw new ConflictError(`account ${accountId} kept changing`);
  return { result };
}

function ignored(result: 'ignored' | 'unknown-team' | 'push-properties') {
  telemetry().count('CopiesIgnored', 1, { result });
  return { result };
}
