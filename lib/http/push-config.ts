import * as v from 'valibot';
import { jsonOf } from '../model/json-of';
import { filledField, idField, textField } from './fields';

/** How V1 clients say that a forced push goes to everybody. */
const EVERYBODY = '#%@all@%#';

const flag = (description: string) => v.optional(v.pipe(v.boolean(), v.description(description)));
const text = (description: string) =>
  v.optional(v.pipe(textField(500), v.description(description)));
const payload = v.optional(
  v.pipe(textField(2048), v.check(isJsonObject, 'must be a JSON object as text')),
);
const accountIds = v.pipe(v.array(idField), v.maxLength(100, 'must have at most 100 entries'));
const accountIdsAsText = v.pipe(v.string(), v.transform(jsonOf), accountIds);
const v1List = v.optional(
  v.union(
    [accountIds, v.literal(EVERYBODY), accountIdsAsText],
    `must be a list of account ids, as it is or as JSON text, or ${EVERYBODY}`,
  ),
);

/** The message options of V1's servers: one object, of which pushes depend on two fields. */
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

/** NIM's V2 names, and what its V1 clients and servers call the same. */
const spellings = v.strictObject({
  pushEnabled: flag('true if absent'),
  pushNickEnabled: flag('true if absent'),
  pushContent: text('the text itself, or one for the type of the message, if absent'),
  pushPayload: payload,
  forcePush: flag('false if absent'),
  forcePushContent: text('pushContent if absent'),
  forcePushAccountIds: v.optional(accountIds),
  unreadEnabled: flag('true if absent'),
  messageClass: v.optional(filledField(64)),
  needPush: flag('V1 for pushEnabled'),
  needPushNick: flag('V1 for pushNickEnabled'),
  needPushBadge: flag('V1 for unreadEnabled'),
  pushcontent: text('V1 for pushContent'),
  payload,
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
});

/** What each V1 spelling says in V2's words. */
const MEANINGS: Readonly<Record<string, string>> = {
  needPush: 'pushEnabled',
  'option.push': 'pushEnabled',
  needPushNick: 'pushNickEnabled',
  needPushBadge: 'unreadEnabled',
  'option.badge': 'unreadEnabled',
  'option.needPushNick': 'pushNickEnabled',
  pushcontent: 'pushContent',
  payload: 'pushPayload',
  needForcePush: 'forcePush',
  forcePushIDsList: 'forcePushAccountIds',
  forcePushAll: 'forcePushAccountIds',
  forcepushall: 'forcePushAccountIds',
  forcePushList: 'forcePushAccountIds',
  forcepushlist: 'forcePushAccountIds',
  forcepushcontent: 'forcePushContent',
};

/** V1's servers force by saying whom, and have no switch beside it. */
const FORCING = /^forcepush(all|list)$/i;

interface Saying {
  readonly name: string;
  readonly meaning: string;
  readonly value: unknown;
}

function sayingsIn({ option: own, ...given }: v.InferOutput<typeof spellings>): Saying[] {
  const { forcePushAll, forcepushall } = given;
  const said = {
    ...given,
    // a false here says nothing: it comes along with a list
    forcePushAll: forcePushAll || undefined,
    forcepushall: forcepushall || undefined,
    'option.push': own?.push,
    'option.needPushNick': own?.needPushNick,
    'option.badge': own?.badge,
  };
  return Object.entries(said).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, meaning: MEANINGS[name] ?? name, value }],
  );
}

const config = v.object({
  pushEnabled: v.optional(v.boolean(), true),
  pushNickEnabled: v.optional(v.boolean(), true),
  pushContent: v.exactOptional(v.string()),
  pushPayload: v.exactOptional(v.string()),
  forcePush: v.optional(v.boolean(), false),
  forcePushContent: v.exactOptional(v.string()),
  forcePushAccountIds: v.exactOptional(v.array(v.string())),
  unreadEnabled: v.optional(v.boolean(), true),
  messageClass: v.exactOptional(v.string()),
});

/** Push properties of a message: either spelling goes in, V2's comes out with its defaults. */
export const pushConfig = v.pipe(
  spellings,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value: input } = dataset;
    for (const [first, ...others] of Map.groupBy(sayingsIn(input), (one) => one.meaning).values()) {
      for (const { name, value } of others) {
        const message = `says the same as ${first?.name}: only one of them may be given`;
        addIssue({ message, path: [{ type: 'object', origin: 'value', input, key: name, value }] });
      }
    }
  }),
  v.transform((given) => {
    const sayings = sayingsIn(given);
    const isForced = sayings.some(({ name }) => FORCING.test(name));
    return {
      ...(isForced ? { forcePush: true } : {}),
      ...Object.fromEntries(
        sayings
          // V2 says everybody by naming nobody
          .filter(({ meaning, value }) => meaning !== 'forcePushAccountIds' || Array.isArray(value))
          .map(({ meaning, value }) => [meaning, value]),
      ),
    };
  }),
  config,
);

function isJsonObject(given: string): boolean {
  const value = jsonOf(given);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
