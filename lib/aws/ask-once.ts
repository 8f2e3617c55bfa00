import type { UpdateCommand } from '@aws-sdk/lib-dynamodb';

/**
 * The command, never asked again by the SDK once it may have been done: without an answer, or with one that leaves it open. For
 * writes that must not be done twice; what DynamoDB has refused is asked again as always.
 */
export function askOnce(command: UpdateCommand): UpdateCommand {
  command.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (isRefused(error)) throw error;
        // with the error as its cause the SDK would ask again
        throw new Error(`no answer, and not to be asked again: ${String(error)}`);
      }
    },
    // between the SDK's repeats and the wire; a document command and the one in it share this, and add it twice
    { step: 'finalizeRequest', priority: 'low', name: 'askOnce', override: true },
  );
  return command;
}

/** Whether DynamoDB has said that nothing was done. */
function isRefused(error: unknown): boolean {
  const { $metadata = undefined } = error instanceof Error && '$metadata' in error ? error : {};
  const { httpStatusCode = 0 } = Object($metadata) as { readonly httpStatusCode?: number };
  return httpStatusCode >= 400 && httpStatusCode < 500;
}
