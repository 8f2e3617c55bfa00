import * as v from 'valibot';
import { sayingsIn, spellings } from './push-spellings';

/** Spellings that force by being there, and have no switch beside them. */
const FORCING = /^forcepush(all|list)$/i;

const config = {
  pushEnabled: v.optional(v.boolean(), true),
  pushNickEnabled: v.optional(v.boolean(), true),
  pushContent: v.exactOptional(v.string()),
  pushPayload: v.exactOptional(v.string()),
  forcePush: v.optional(v.boolean(), false),
  forcePushContent: v.exactOptional(v.string()),
  forcePushAccountIds: v.exactOptional(v.array(v.string())),
  messageClass: v.exactOptional(v.string()),
};

const said = v.pipe(
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
  v.transform((given): Record<string, unknown> => ({ ...impliedBy(given), ...saidBy(given) })),
);

/** Push properties of a message: any of NIM's spellings goes in, V2's comes out with its defaults. */
export const pushConfig = v.pipe(
  said,
  v.object({ ...config, unreadEnabled: v.optional(v.boolean(), true) }),
);

/** The same of a custom notification, which counts on the icon only if that is asked for. */
export const notificationPushConfig = v.pipe(
  said,
  v.object({ ...config, unreadEnabled: v.optional(v.boolean(), false) }),
);

function saidBy(given: v.InferOutput<typeof spellings>): Record<string, unknown> {
  return Object.fromEntries(
    sayingsIn(given)
      // V2's clients say everybody by naming nobody
      .filter(({ meaning, value }) => meaning !== 'forcePushAccountIds' || Array.isArray(value))
      .map(({ meaning, value }) => [meaning, value]),
  );
}

/** What follows from how something was said; gives way to what was said outright. */
function impliedBy(given: v.InferOutput<typeof spellings>) {
  const isForced =
    given.apnsMemberOption !== undefined || sayingsIn(given).some(({ name }) => FORCING.test(name));
  const { push_forcepush_enable: isOn, push_forcepush_all: isToAll } = given;
  return {
    ...(isForced ? { forcePush: true } : {}),
    // not to everybody, and nobody named
    ...(isOn === true && isToAll === false ? { forcePushAccountIds: [] } : {}),
  };
}
