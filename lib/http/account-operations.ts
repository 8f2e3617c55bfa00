import { changedAccount, changedDevice, mutedConversation } from './account-answers';
import { changeAccountBody, changeDeviceBody, muteBody } from './account-schemas';
import * as answers from './answer-schemas';
import { presenceBody, presenceEventsBody, registerDeviceBody, tokenBody } from './device-schemas';
import type { Operation } from './operations';

const ACCOUNT = '/v1/accounts/{accountId}';
const DEVICE = `${ACCOUNT}/devices/{deviceId}`;

/** Routes about accounts and their devices. */
export const ACCOUNT_OPERATIONS: readonly Operation[] = [
  {
    route: `PUT ${DEVICE}`,
    summary: 'Log a device in and register its tokens',
    scope: 'device',
    status: 200,
    body: registerDeviceBody,
    answer: answers.registeredDevice,
  },
  {
    route: `PATCH ${DEVICE}`,
    summary: 'Change what the user set on a device',
    scope: 'device',
    status: 200,
    body: changeDeviceBody,
    answer: changedDevice,
  },
  {
    route: `PUT ${DEVICE}/tokens/{certificate}`,
    summary: 'Store a new or refreshed token',
    scope: 'device',
    status: 200,
    body: tokenBody,
    answer: answers.storedToken,
  },
  {
    route: `DELETE ${DEVICE}/tokens/{certificate}`,
    summary: 'Forget a token',
    scope: 'device',
    status: 204,
  },
  {
    route: `PUT ${DEVICE}/presence`,
    summary: 'Report foreground, background or disconnected',
    scope: 'device',
    status: 200,
    body: presenceBody,
    answer: answers.reportedPresence,
  },
  {
    route: `DELETE ${DEVICE}/session`,
    summary: 'Log a device out, or kick it',
    scope: 'device',
    status: 204,
    query: { reason: { description: '`kicked` for a kick; by a server only' } },
  },
  {
    route: 'POST /v1/presence',
    summary: 'Report presence events and node heartbeats',
    scope: 'server',
    status: 200,
    body: presenceEventsBody,
    answer: answers.reportedEvents,
  },
  {
    route: `GET ${ACCOUNT}`,
    summary: 'Show an account and its devices',
    scope: 'device',
    status: 200,
    answer: answers.account,
  },
  {
    route: `PATCH ${ACCOUNT}`,
    summary: 'Change what the user set for the account; block it, by a server only',
    scope: 'device',
    status: 200,
    body: changeAccountBody,
    answer: changedAccount,
  },
  {
    route: `DELETE ${ACCOUNT}`,
    summary: 'Erase an account with its devices, tokens and mutes',
    scope: 'server',
    status: 204,
  },
  {
    route: `PUT ${ACCOUNT}/mutes/{conversationId}`,
    summary: 'Mute a conversation',
    scope: 'device',
    status: 200,
    body: muteBody,
    answer: mutedConversation,
  },
  {
    route: `DELETE ${ACCOUNT}/mutes/{conversationId}`,
    summary: 'End the mute of a conversation',
    scope: 'device',
    status: 204,
  },
];
