import { logIn, storeCertificate } from '../support/journeys';
import { aMessage, type Service, startService, until } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('an address that is not allowed: the certificate rests, says why, and holds up no other one', async () => {
  const { xiaomi, phones } = service.machine.simulators;
  const traceOf = ({ messageId }: { readonly messageId: string }) =>
    service.server.call('GET', `/v1/messages/${messageId}/trace`);
  const tell = async (account: string) => {
    const message = aMessage([account]);
    await service.server.call('POST', '/v1/messages', message);
    return message;
  };
  await storeCertificate(service, 'other');
  const [first, second] = [await logIn(service, 'first'), await logIn(service, 'second')];
  const tokens = [{ certificate: 'other', token: 'reg-third' }];
  await logIn(service, 'third', { tokens });
  xiaomi.control({ ipNotAllowed: true });

  const refused = await tell('first');
  const told = await until(
    () => traceOf(refused),
    (trace) => JSON.stringify(trace).includes('10004'),
  );
  // mended at once, but nobody tries before the rest is over
  xiaomi.control({ ipNotAllowed: false });
  const before = xiaomi.counters().requests;
  await tell('second');
  await tell('third');
  const third = await until(
    () => phones.look('reg-third'),
    ({ tray }) => tray.length > 0,
  );
  const putBack = await until(
    () => service.logs.filter((line) => line.includes('"JobsPutBack"')),
    (lines) => lines.length > 0,
  );

  const text = expect.stringContaining('IP not allowed');
  expect(told).toMatchObject({
    devices: [{ outcomes: [{ kind: 'misconfigured', code: '10004', text }] }],
  });
  expect(service.logs.filter((line) => line.includes('certificate rests'))).toHaveLength(1);
  expect(third.tray).toHaveLength(1);
  expect(putBack).not.toEqual([]);
  expect(xiaomi.counters().requests).toBe(before + 1);
  expect([first, second].flatMap((token) => phones.look(token).arrivals)).toEqual([]);
});
