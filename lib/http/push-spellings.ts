import * as v from 'valibot';
import { isJsonObject, jsonOf } from '../model/json-of';
import { filledField, idField, textField } from './fields';

/** How V1 clients say that a forced push goes to everybody. */
const EVERYBODY = '#%@all@%#';

const flag = (description: string) => v.optional(v.pipe(v.boolean(), v.description(description)));
const text = (description: string) =>
  v.optional(v.pipe(textField(500), v.description(description)));
const payload = (description: string) =>
  v.optional(
    v.pipe(
      textField(2048),
      v.check((given) => isJsonObject(jsonOf(given)), 'must be a JSON object as text'),
      v.description(description),
    ),
  );
const accountIds = v.pipe(v.array(idField), v.maxLength(100, 'must have at most 100 entries'));
const list = (description: string) => v.optional(v.pipe(accountIds, v.description(description)));
const v1List = v.optional(
  v.union(
    [accountIds, v.literal(EVERYBODY), v.pipe(v.string(), v.transform(jsonOf), accountIds)],
    `must be a list of account ids, as it is or as JSON text, or ${EVERYBODY}`,
  ),
);

/** The message options of V1's servers: one object, of which pushes depend on three fields. */
const option = v.strictObject({
  push: flag('V1 for pushEnabled'),
  needPushNick: flag('V1 for pushNickEnabled'),
  badge: flag('V1 for unreadEnabled'),
  roam: flag('has no effect'),
  history: flag('has no effect'),
  sendersync: flag('has no effect'),
  route: flag('has no effect'),
  persistent: flag('has no effect'),
});

/**
 * NIM's push properties in each of its spellings: those of V2's clients, of V1's web clients and servers, of V1's iOS
 * clients, and of V2's servers.
 *
 * Names: https://github.com/netease-im/NIM_iOS_SDK (headers), https://github.com/netease-im/yunxin-server-sdk-java,
 * the type declarations of npm `nim-web-sdk-ng` 10.8.1, and the reference of the IM server API V2 (2025-12).
 */
export const spellings = v.strictObject({
  pushEnabled: flag('true if absent'),
  pushNickEnabled: flag('true if absent'),
  pushContent: text('the text itself, or one for the type of the message, if absent'),
  pushPayload: payload('a JSON object as text'),
  forcePush: flag('false if absent'),
  forcePushContent: text('pushContent if absent'),
  forcePushAccountIds: list('everybody if absent, nobody if empty'),
  unreadEnabled: flag('true if absent'),
  messageClass: v.optional(filledField(64)),

  needPush: flag('V1 for pushEnabled'),
  needPushNick: flag('V1 for pushNickEnabled'),
  needPushBadge: flag('V1 for unreadEnabled'),
  pushcontent: text('V1 for pushContent'),
  payload: payload('V1 for pushPayload'),
  needForcePush: flag('V1 for forcePush'),
  forcePushIDsList: v1List,
  forcePushAll: flag('V1 for forcePush, to everybody'),
  forcepushall: flag('V1 for forcePush, to everybody'),
  forcePushList: v1List,
  forcepushlist: v1List,
  forcepushcontent: text('V1 for forcePushContent'),
  option: v.optional(
    v.union(
      [option, v.pipe(v.string(), v.transform(jsonOf), option)],
      'must be an object, as it is or as JSON text',
    ),
  ),

  apnsEnabled: flag('V1 on iOS for pushEnabled'),
  apnsWithPrefix: flag('V1 on iOS for pushNickEnabled'),
  apnsContent: text('V1 on iOS for pushContent'),
  apnsPayload: payload('V1 on iOS for pushPayload'),
  shouldBeCounted: flag('V1 on iOS for unreadEnabled'),
  apnsMemberOption: v.optional(
    v.strictObject({
      forcePush: flag('true if absent'),
      userIds: list('V1 on iOS for forcePushAccountIds'),
      apnsContent: text('V1 on iOS for forcePushContent'),
    }),
  ),

  push_enabled: flag('server API V2 for pushEnabled'),
  push_nick_enabled: flag('server API V2 for pushNickEnabled'),
  push_content: text('server API V2 for pushContent'),
  push_payload: payload('server API V2 for pushPayload'),
  push_forcepush_enable: flag('server API V2 for forcePush'),
  push_forcepush_all: flag('server API V2; true: to everybody'),
  push_forcepush_ids: list('server API V2 for forcePushAccountIds'),
  push_forcepush_content: text('server API V2 for forcePushContent'),
  message_config: v.optional(
    v.pipe(
      v.object({ unread_enabled: flag('server API V2 for unreadEnabled') }),
      v.description('Its other members are for the IM server, and ignored'),
    ),
  ),
});

/** What each spelling says in the words of V2's clients. */
const MEANINGS: Readonly<Record<string, string>> = {
  needPush: 'pushEnabled',
  'option.push': 'pushEnabled',
  needPushNick: 'pushNickEnabled',
  'option.needPushNick': 'pushNickEnabled',
  needPushBadge: 'unreadEnabled',
  'option.badge': 'unreadEnabled',
  pushcontent: 'pushContent',
  payload: 'pushPayload',
  needForcePush: 'forcePush',
  forcePushIDsList: 'forcePushAccountIds',
  forcePushAll: 'forcePushAccountIds',
  forcepushall: 'forcePushAccountIds',
  forcePushList: 'forcePushAccountIds',
  forcepushlist: 'forcePushAccountIds',
  forcepushcontent: 'forcePushContent',

  apnsEnabled: 'pushEnabled',
  apnsWithPrefix: 'pushNickEnabled',
  apnsContent: 'pushContent',
  apnsPayload: 'pushPayload',
  shouldBeCounted: 'unreadEnabled',
  'apnsMemberOption.forcePush': 'forcePush',
  'apnsMemberOption.userIds': 'forcePushAccountIds',
  'apnsMemberOption.apnsContent': 'forcePushContent',

  push_enabled: 'pushEnabled',
  push_nick_enabled: 'pushNickEnabled',
  push_content: 'pushContent',
  push_payload: 'pushPayload',
  push_forcepush_enable: 'forcePush',
  push_forcepush_all: 'forcePushAccountIds',
  push_forcepush_ids: 'forcePushAccountIds',
  push_forcepush_content: 'forcePushContent',
  'message_config.unread_enabled': 'unreadEnabled',
};

/** A false in these says nothing: it comes along with a list. */
const TO_EVERYBODY = /^(forcepushall|push_forcepush_all)$/i;

/** One thing that was said: under which name, and what it is called here. */
export interface Saying {
  readonly name: string;
  readonly meaning: string;
  readonly value: unknown;
}

/** Everything that was said about a push, in the order of the spellings' names. */
export function sayingsIn(given: v.InferOutput<typeof spellings>): Saying[] {
  return Object.entries(given)
    .flatMap(([name, value]): [string, unknown][] =>
      isJsonObject(value)
        ? Object.entries(value).map(([member, one]) => [`${name}.${member}`, one])
        : [[name, value]],
    )
    .filter(([name, value]) => value !== undefined && !(TO_EVERYBODY.test(name) && value === false))
    .map(([name, value]) => ({ name, meaning: MEANINGS[name] ?? name, value }));
}
