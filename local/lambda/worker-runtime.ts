import type { ErrorReport, WorkerCall, WorkerReport, WorkerStart } from './worker-messages';

/**
 * What runs in a worker: loads the handler's module, then answers one call after the other.
 * Its source text is handed to the worker, for it must run from a bundle, from a test and from source alike;
 * so it refers to nothing outside itself.
 */
export async function runHandler(): Promise<void> {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  if (!parentPort) throw new Error('not in a worker');
  const port = parentPort;
  // handed over by ExecutionEnvironment, in this very process
  const start: WorkerStart = workerData;

  const report = (message: WorkerReport) => port.postMessage(message);
  const describe = (error: unknown): ErrorReport => {
    if (!(error instanceof Error)) {
      return { errorType: typeof error, errorMessage: String(error), trace: [] };
    }
    return {
      errorType: error.name,
      errorMessage: error.message,
      trace: (error.stack ?? '').split('\n'),
    };
  };

  async function loadHandler(): Promise<(event: unknown, context: object) => unknown> {
    const module: Record<string, unknown> = await import(start.moduleUrl);
    const handler = module[start.exportName];
    if (typeof handler === 'function') return (event, context) => handler(event, context);
    const missing = new Error(`${start.exportName} is undefined or not exported`);
    missing.name = 'Runtime.HandlerNotFound';
    throw missing;
  }

  let handler: (event: unknown, context: object) => unknown;
  try {
    handler = await loadHandler();
  } catch (error) {
    return report({ kind: 'init-failed', error: describe(error) });
  }

  port.on('message', async ({ requestId, event, deadlineMs }: WorkerCall) => {
    const context = {
      awsRequestId: requestId,
      functionName: start.functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: start.functionArn,
      memoryLimitInMB: String(start.memoryMegabytes),
      logGroupName: `/aws/lambda/${start.functionName}`,
      logStreamName: start.logStreamName,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    };
    try {
      const result = await handler(JSON.parse(event), context);
      report({ kind: 'result', requestId, result: JSON.stringify(result) ?? 'null' });
    } catch (error) {
      report({ kind: 'error', requestId, error: describe(error) });
    }
  });
  report({ kind: 'ready' });
}
