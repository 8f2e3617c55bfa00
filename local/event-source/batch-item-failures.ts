import * as v from 'valibot';

const response = v.nullish(
  v.looseObject({
    batchItemFailures: v.nullish(
      v.array(v.looseObject({ itemIdentifier: v.pipe(v.string(), v.nonEmpty()) })),
    ),
  }),
);

/**
 * Reads which messages of a batch a function reports as failed. Nothing at all or an empty list is full success;
 * an answer of another shape, or an identifier that is missing, empty or of no message, fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function readBatchItemFailures(
  result: unknown,
  messageIds: readonly string[],
): ReadonlySet<string> {
  const everything = new Set(messageIds);
  const parsed = v.safeParse(response, result);
  if (!parsed.success) return everything;

  const failures = parsed.output?.batchItemFailures ?? [];
  const failed = failures.map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => everything.has(id)) ? new Set(failed) : everything;
}
