import { type Service, startService } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const describe = (headers: Record<string, string> = {}) =>
  fetch(`${service.machine.stack.url}/openapi.json`, { headers });

test('who knows the description is not sent it again', async () => {
  const first = await describe();
  const etag = first.headers.get('etag') ?? '';

  const answers = await Promise.all(
    [etag, `W/${etag}`, `"another", ${etag}`].map((known) => describe({ 'if-none-match': known })),
  );

  expect(etag).toMatch(/^"[\w-]{43}"$/);
  expect(first.headers.get('cache-control')).toBe('public, max-age=300');
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('etag')]).toEqual([304, etag]);
    expect(await answer.text()).toBe('');
  }
});

test('who knows another one gets all of it', async () => {
  const answer = await describe({ 'if-none-match': '"another"' });

  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(await answer.json()).toMatchObject({ openapi: '3.1.0' });
});
