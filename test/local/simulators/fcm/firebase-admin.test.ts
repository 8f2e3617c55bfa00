import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';
import { type Simulators, startSimulators } from '../../../../local/simulators/simulators';
import { fetchAccessToken } from '../calls';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());

/** Connects to the simulators by plain TCP, whatever host is asked for. */
class LoopbackAgent extends https.Agent {
  readonly #port: number;

  constructor(port: number) {
    super({ keepAlive: true });
    this.#port = port;
  }

  override createConnection(): Duplex {
    return net.connect(this.#port, '127.0.0.1');
  }
}

test('Google’s own SDK is served at the root of the server', async () => {
  const agent = new LoopbackAgent(simulators.port);
  const access_token = await fetchAccessToken(simulators);
  const app = initializeApp({
    projectId: simulators.credentials('fcm').serviceAccount.project_id,
    httpAgent: agent,
    credential: { getAccessToken: async () => ({ access_token, expires_in: 3_600 }) },
  });
  const messaging = getMessaging(app);
  const message = {
    notification: { title: 'Hello', body: 'World' },
    data: { k: 'v' },
    android: {
      ttl: 3_600_000,
      priority: 'high' as const,
      collapseKey: 'c1',
      notification: {
        tag: 't1',
        channelId: 'ch',
        notificationCount: 3,
        clickAction: 'OPEN',
        visibility: 'public' as const,
        priority: 'high' as const,
        defaultSound: true,
        vibrateTimingsMillis: [100, 200],
        eventTimestamp: new Date(),
      },
    },
  };

  expect(await messaging.send({ token: 'tok1', ...message })).toMatch(/^projects\/.+\/messages\//);
  const refusal = { code: 'messaging/registration-token-not-registered' };
  await expect(messaging.send({ token: 'dead-1', ...message })).rejects.toMatchObject(refusal);
  expect(await messaging.send({ token: 'tok1', ...message }, true)).toContain('/messages/');
  simulators.fcm.control({ ratePerSecond: 0 });
  await expect(messaging.send({ token: 'tok1', ...message })).rejects.toMatchObject({
    code: 'messaging/message-rate-exceeded',
    httpResponse: { status: 429, headers: { 'retry-after': '1' } },
  });

  expect(simulators.phones.look('tok1').tray).toMatchObject([{ title: 'Hello', tag: 't1' }]);
  await deleteApp(app);
  agent.destroy();
});
