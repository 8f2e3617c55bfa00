import { fcm } from '../../../lib/vendors/fcm';
import { createFcmSender } from '../../../lib/vendors/fcm/sender';
import {
  anFcmCertificate,
  aSendRequest,
  somePorts,
  startVendorServer,
  type VendorServer,
} from '../support';
import { compareWithGolden, goldenCases } from './golden';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
  server.answer = ({ path }) =>
    path.endsWith('/token')
      ? { status: 200, body: '{"access_token":"ya29.example","expires_in":3599}' }
      : { status: 200, body: '{"name":"projects/demo-proj/messages/0:1"}' };
});

afterAll(() => server.close());

test('what FCM is sent for each payload, as the SDK writes it', async () => {
  const certificate = anFcmCertificate({ endpoint: server.url, authEndpoint: server.url });
  const sender = createFcmSender(certificate, somePorts());
  const sent: Record<string, unknown> = {};

  for (const { name, notification } of goldenCases(fcm)) {
    await sender.send(aSendRequest({ notification, tokens: ['tok:1'] }));
    sent[name] = JSON.parse(server.requests.at(-1)?.body ?? '');
  }

  compareWithGolden('fcm', sent);
});
