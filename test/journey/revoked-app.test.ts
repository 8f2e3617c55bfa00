import { createAppRegistry } from '../../lib/aws/app-registry';
import { createDynamoDb, createKms } from '../../lib/aws/clients';
import { createEnvelope } from '../../lib/aws/envelope';
import { ApiClient } from '../../local/api-client';
import { type Service, startService, xiaomiPhone } from '../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const DEVICE = '/v1/accounts/alice/devices/d1';

/** Takes all secrets of an app away, as its operator does. */
async function revoke(appKey: string): Promise<void> {
  const { stack } = service.machine;
  const [dynamoDb, kms] = [createDynamoDb(), createKms()];
  const keyId = stack.environmentOf('manage-certificates')['KMS_KEY_ID'] ?? '';
  const envelope = createEnvelope(kms, keyId);
  try {
    await createAppRegistry(dynamoDb, stack.tableName('SettingsTable'), envelope).revoke(appKey);
  } finally {
    dynamoDb.destroy();
    kms.destroy();
  }
}

async function phoneOf(admin: ApiClient): Promise<ApiClient> {
  const registered = await admin.call('PUT', DEVICE, { ...xiaomiPhone('t'), tokens: [] });
  const deviceKey = /"deviceKey":"([^"]+)"/.exec(JSON.stringify(registered))?.[1] ?? '';
  return new ApiClient(service.machine.stack.url, deviceKey);
}

test('a device key ends with the last secret of its app, and that of another app stays', async () => {
  const [mine, theirs] = [
    await phoneOf(service.admin),
    await phoneOf(await service.as('admin', undefined, service.otherApp)),
  ];

  await revoke(service.otherApp.key);

  // by a function that has not seen the app in the last minute
  const report = { state: 'background' };
  expect(await theirs.try('PUT', `${DEVICE}/presence`, report)).toMatchObject({ status: 401 });
  expect(await theirs.try('DELETE', `${DEVICE}/session`)).toMatchObject({ status: 401 });
  expect(await mine.try('PUT', `${DEVICE}/presence`, report)).toMatchObject({ status: 200 });
});
