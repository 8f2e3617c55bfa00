import { RouteTable } from '../../../local/http-api/route-table';

const table = new RouteTable(
  [
    '$default',
    'ANY /files/{proxy+}',
    'GET /files/{name}',
    'GET /files/readme',
    'ANY /files/readme',
    'GET /v1/accounts/{accountId}',
    'PUT /v1/accounts/{accountId}/devices/{deviceId}',
    'GET /',
  ].map((routeKey) => ({ routeKey, target: routeKey })),
);

test.each([
  ['GET', '/', 'GET /', {}],
  ['GET', '/files/readme', 'GET /files/readme', {}],
  ['POST', '/files/readme', 'ANY /files/readme', {}],
  ['GET', '/files/a', 'GET /files/{name}', { name: 'a' }],
  ['POST', '/files/a', 'ANY /files/{proxy+}', { proxy: 'a' }],
  ['GET', '/files/a/b/', 'ANY /files/{proxy+}', { proxy: 'a/b/' }],
  ['GET', '/v1/accounts/证书 1', 'GET /v1/accounts/{accountId}', { accountId: '证书 1' }],
  [
    'PUT',
    '/v1/accounts/a/devices/d',
    'PUT /v1/accounts/{accountId}/devices/{deviceId}',
    { accountId: 'a', deviceId: 'd' },
  ],
  ['DELETE', '/v1/accounts/a', '$default', {}],
  ['GET', '/v1/accounts/', '$default', {}],
  ['GET', '/v1/accounts/a/', '$default', {}],
  ['GET', '/files', '$default', {}],
])('%s %s goes to %s', (method, path, target, pathParameters) => {
  expect(table.match(method, path)).toMatchObject({ target, pathParameters });
});

test('without a default route an unknown path matches nothing', () => {
  expect(new RouteTable([{ routeKey: 'GET /', target: 1 }]).match('GET', '/x')).toBeUndefined();
});
