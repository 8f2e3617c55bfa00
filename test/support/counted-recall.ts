import { aMessage, type Service, until } from './service';

/** Pushes a message to an account whose phone counts what is unread, and recalls it once it was sent. */
export async function recallCounted({ server }: Service, accountId: string): Promise<void> {
  const message = aMessage([accountId]);
  await server.call('POST', '/v1/messages', message);
  await until(
    () => server.call('GET', `/v1/messages/${message.messageId}/trace`),
    (trace) => JSON.stringify(trace).includes('"accepted"'),
  );
  await server.call('DELETE', `/v1/messages/${message.messageId}`);
}
