import * as fc from 'fast-check';
import type { JsonObject } from '../../lib/model/json-of';
import type { VendorSender } from '../../lib/vendors/vendor';
import { merged, nested } from './nested';
import { aNotification, aSendRequest } from './support';

/** A member of a vendor's fields: a value the vendor takes, one it does not, and why. */
export type Member = readonly [path: string, right: unknown, wrong: unknown, words: string];

const texts = fc.string({ unit: 'grapheme', maxLength: 500 });

/** Members under a field. */
export function under(field: string, members: readonly Member[]): Member[] {
  return members.map(([path, ...rest]) => [`${field}.${path}`, ...rest]);
}

/** Fields made of some of the members, with the right value or another; each of them passes `takes` on its own. */
export function someOf(
  members: readonly Member[],
  takes: (fields: JsonObject) => boolean,
): fc.Arbitrary<JsonObject> {
  return fc
    .subarray([...members])
    .chain((some) =>
      fc.tuple(
        ...some.map(([path, right]) =>
          fc
            .oneof(fc.constant(right), texts, fc.integer({ min: -1, max: 100 }))
            .map((value) => nested(path, value)),
        ),
      ),
    )
    .map((parts) => merged(parts.filter(takes)));
}

/** Expects of a sender that whatever fields, texts and data a message has, its vendor accepts the request. */
export async function expectTaken(
  sender: VendorSender,
  fields: fc.Arbitrary<JsonObject>,
): Promise<void> {
  const data = fc.dictionary(texts, texts, { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(fields, data, texts, texts, async (given, own, title, body) => {
      const notification = aNotification({ fields: given, data: own, title, body });
      expect(await sender.send(aSendRequest({ notification, tokens: ['phone'] }))).toMatchObject([
        { kind: 'accepted' },
      ]);
    }),
    { numRuns: 150 },
  );
}
