import * as v from 'valibot';
import { VENDOR_IDS } from '../model/vendor-id';
import { certificateNameField } from './fields';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const rate = v.pipe(v.number(), v.minValue(0));
const time = v.pipe(v.number(), v.integer());
const vendor = v.picklist(VENDOR_IDS);

/** `GET /v1/flow?vendor=&certificate=`. */
export const flowQuery = { vendor, certificate: certificateNameField };

/** What is answered to it. */
export const flowAnswer = v.strictObject({
  certificates: v.array(
    v.strictObject({
      certificate: v.string(),
      vendor,
      limitPerSecond: v.pipe(
        rate,
        v.description(
          '`limits.ratePerSecond` of the certificate, else the one its vendor published',
        ),
      ),
      counts: v.pipe(
        v.picklist(['requests', 'tokens']),
        v.description('What the vendor counts for its limit'),
      ),
      learnedPerSecond: v.pipe(
        rate,
        v.description(
          'What the vendor’s answers have left of the limit; the same while it refuses nothing',
        ),
      ),
      inUsePerSecond: v.pipe(
        rate,
        v.description('What running senders hold of it for themselves, used or not'),
      ),
      containers: v.pipe(count, v.description('How many of them that is')),
      pausedUntil: v.optional(
        v.pipe(time, v.description('The certificate rests: its vendor would refuse every message')),
      ),
      quotas: v.pipe(
        v.array(
          v.strictObject({
            class: v.pipe(v.string(), v.description('By the vendor’s own name')),
            total: v.optional(count),
            used: v.optional(count),
            left: v.optional(count),
            pausedUntil: v.optional(
              v.pipe(time, v.description('The vendor says that the total is used up')),
            ),
          }),
        ),
        v.description('Totals of the vendor’s day, where there are such'),
      ),
    }),
  ),
  backlog: v.pipe(
    v.array(v.strictObject({ vendor, direct: count, bulk: count })),
    v.description('Jobs in each vendor’s queues, about; all certificates of a vendor share them'),
  ),
});
