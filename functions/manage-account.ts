import { changeAccountBody, muteBody } from '../lib/http/account-schemas';
import { idField } from '../lib/http/fields';
import type { ApiCall } from '../lib/http/http-function';
import { parse } from '../lib/http/parse';
import { warningsFor } from '../lib/http/unknown-fields';
import { Refusal } from '../lib/model/errors';
import {
  muteConversation,
  setAccountSettings,
  unmuteConversation,
} from '../lib/usecases/change-settings';
import { shownSettings } from '../lib/usecases/read-account';
import { api } from './wiring/api';
import { accounts, clock } from './wiring/container';

const ports = () => ({ accounts: accounts(), clock });
const ACCOUNT = '/v1/accounts/{accountId}';
const MUTE = `${ACCOUNT}/mutes/{conversationId}`;

/** Keeps what users set for their accounts, and erases accounts. */
export const handler = api({
  [`PATCH ${ACCOUNT}`]: {
    scope: 'device',
    async handle(call) {
      const address = addressOf(call);
      const change = parse(changeAccountBody, call.body);
      if (change.blocked !== undefined && isDevice(call)) {
        throw new Refusal(403, 'only a server blocks accounts');
      }
      const account = await setAccountSettings(address, change, ports());
      return {
        status: 200,
        body: { ...shownSettings(account), ...warningsFor(call.body, changeAccountBody) },
      };
    },
  },

  [`DELETE ${ACCOUNT}`]: {
    scope: 'server',
    async handle(call) {
      const { appKey, accountId } = addressOf(call);
      await accounts().erase(appKey, accountId);
      return { status: 204 };
    },
  },

  [`PUT ${MUTE}`]: {
    scope: 'device',
    async handle(call) {
      const address = addressOf(call);
      const conversationId = conversationIn(call);
      const body = call.body ?? {};
      const { mute } = parse(muteBody, body);
      await (mute === null
        ? unmuteConversation(address, conversationId, ports())
        : muteConversation(address, conversationId, mute, ports()));
      return { status: 200, body: { conversationId, mute, ...warningsFor(body, muteBody) } };
    },
  },

  [`DELETE ${MUTE}`]: {
    scope: 'device',
    async handle(call) {
      await unmuteConversation(addressOf(call), conversationIn(call), ports());
      return { status: 204 };
    },
  },
});

function addressOf(call: ApiCall) {
  const { appKey, path } = call;
  const accountId = parse(idField, path['accountId'], 'accountId');
  return { appKey, accountId, mayBeNew: !isDevice(call) };
}

function conversationIn({ path }: ApiCall): string {
  return parse(idField, path['conversationId'], 'conversationId');
}

function isDevice({ caller }: ApiCall): boolean {
  return caller.kind !== 'token' || caller.scope === 'device';
}
