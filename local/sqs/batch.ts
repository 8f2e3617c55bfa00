import type * as v from 'valibot';
import { ServiceError } from '../dynamodb/service-error';
import { batchInput, parseSqsInput } from './inputs';
import { sqsError } from './sqs-error';

const MAXIMUM_ENTRIES = 10;

interface BatchAnswer {
  readonly Successful: readonly object[];
  readonly Failed: readonly object[];
}

/** An entry of a batch that is fit to be worked on. */
export interface BatchEntry<T> {
  readonly id: string;
  readonly value: T;
}

/**
 * Runs a batch: refuses one that is empty, too long or has wrong ids, and answers entry by entry.
 * `run` gets the entries that could be parsed, all at once, and answers what succeeded by id.
 */
export function runBatch<const TSchema extends v.GenericSchema>(
  input: unknown,
  schema: TSchema,
  run: (
    entries: readonly BatchEntry<v.InferOutput<TSchema>>[],
    fail: (id: string, error: ServiceError) => void,
  ) => readonly { readonly id: string; readonly answer?: object }[],
): BatchAnswer {
  const { Entries } = parseSqsInput(batchInput, input);
  checkIds(Entries.map(({ Id }) => Id));

  const failed: object[] = [];
  const fail = (id: string, error: ServiceError) => {
    const code = error.type.slice(error.type.indexOf('#') + 1);
    failed.push({ Id: id, SenderFault: true, Code: code, Message: error.message });
  };
  const entries = Entries.flatMap((entry) => {
    try {
      return [{ id: entry.Id, value: parseSqsInput(schema, entry) }];
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      fail(entry.Id, error);
      return [];
    }
  });

  const succeeded = run(entries, fail);
  return { Successful: succeeded.map(({ id, answer }) => ({ Id: id, ...answer })), Failed: failed };
}

function checkIds(ids: readonly string[]): void {
  if (ids.length === 0) {
    throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (ids.length > MAXIMUM_ENTRIES) {
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAXIMUM_ENTRIES}. You have sent ${ids.length}.`,
    );
  }
  const wrong = ids.find((id) => !/^[\w-]{1,80}$/.test(id));
  if (wrong !== undefined) {
    throw sqsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) {
    throw sqsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  }
}
