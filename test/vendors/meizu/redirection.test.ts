import { createMeizuSender } from '../../../lib/vendors/meizu/sender';
import { aGate, aSendRequest, somePorts, startVendorServer, type VendorServer } from '../support';
import { aMeizuCertificate } from './support';

let server: VendorServer;

beforeAll(async () => {
  server = await startVendorServer();
});

beforeEach(() => {
  server.requests.length = 0;
});

afterAll(() => server.close());

const ACCEPTED = { status: 200, body: '{"code":"200","value":{}}' };
const certificate = () => aMeizuCertificate({ endpoint: server.url });
const redirected = (redirect: string) => ({
  status: 200,
  body: JSON.stringify({ code: '300', message: '', value: '', redirect }),
});

test('a redirection is followed once, with the same bytes and a pass of its own', async () => {
  server.answer = (request) =>
    request.path === '/other' ? ACCEPTED : redirected(`${server.url}/other`);
  const gate = aGate();

  const outcomes = await createMeizuSender(certificate(), somePorts(gate)).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'accepted' }]);
  expect(server.requests[1]).toMatchObject({ path: '/other', body: server.requests[0]?.body });
  expect(gate).toMatchObject({ entered: 2, left: 2 });
});

test('a redirection that leads to another one is not', async () => {
  server.answer = () => redirected(`${server.url}/round`);

  const outcomes = await createMeizuSender(certificate(), somePorts()).send(aSendRequest());

  expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: '300' } }]);
  expect(server.requests).toHaveLength(2);
});

test.each(['http://127.0.0.1:1/elsewhere', 'https://meizu.com.example.com/', 'nowhere', ''])(
  'a redirection to %p, which is not Meizu, is not',
  async (target) => {
    server.answer = () => redirected(target);

    const outcomes = await createMeizuSender(certificate(), somePorts()).send(aSendRequest());

    expect(outcomes).toMatchObject([{ kind: 'misconfigured', reason: { code: '300' } }]);
    expect(server.requests).toHaveLength(1);
  },
);

test('a redirection to Meizu itself is', async () => {
  server.answer = () => redirected('https://server-api-push.in.meizu.com/x');
  const urls: string[] = [];
  const ports = somePorts();
  const http = {
    send(request: Parameters<typeof ports.http.send>[0]) {
      urls.push(request.url);
      return urls.length > 1
        ? Promise.resolve({ kind: 'held' } as const)
        : ports.http.send(request);
    },
  };

  await createMeizuSender(certificate(), { ...ports, http }).send(aSendRequest());

  expect(urls[1]).toBe('https://server-api-push.in.meizu.com/x');
});
