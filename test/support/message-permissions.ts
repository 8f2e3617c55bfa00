import { logIn } from './journeys';
import { aMessage, type Service } from './service';
import { storeVendorCertificate } from './vendor-journeys';
import { phoneOf } from './vendor-phones';

/** A message that waits for an acknowledgement, and gets it. */
export async function acknowledgementsAreAwaited(service: Service): Promise<void> {
  const { server } = service;
  await logIn(service, 'connected');
  const path = '/v1/accounts/connected/devices/d1/presence';
  await server.call('PUT', path, { state: 'foreground' });
  const message = aMessage(['connected'], { pushIfUnackedMs: 1 });
  await server.call('POST', '/v1/messages', message);
  const ack = { messageId: message.messageId, accountId: 'connected', deviceId: 'd1' };
  await server.call('POST', '/v1/acks', { acks: [ack] });
}

/** A message of a class that the certificate has a daily total for. */
export async function quotasAreCounted(service: Service): Promise<void> {
  const limits = { dailyTotals: { default: 100 } };
  await storeVendorCertificate(service, 'xiaomi', 'xiaomi-counted', { limits });
  const { facts, makeToken } = phoneOf('xiaomi');
  await service.server.call('PUT', '/v1/accounts/counted/devices/d1', {
    ...facts,
    tokens: [{ certificate: 'xiaomi-counted', token: makeToken() }],
  });
  await service.server.call('POST', '/v1/messages', aMessage(['counted']));
}

/**
 * A message from the queue of an app with a webhook, which is signed for whether it answers or not.
 *
 * @param used waits until a permission was used, acting meanwhile
 * @param send sends a message event to the queue
 */
export async function webhookIsAsked(
  { admin }: Service,
  used: (permission: string, act: () => Promise<unknown>) => Promise<void>,
  send: (event: object) => Promise<unknown>,
): Promise<void> {
  await admin.call('PATCH', '/v1/app', { hook: { url: 'http://127.0.0.1:9/', onFailure: 'send' } });
  await used('dispatch-message-events: kms:Decrypt secret', () => send(aMessage(['alice'])));
  await admin.call('PATCH', '/v1/app', { hook: null });
}
