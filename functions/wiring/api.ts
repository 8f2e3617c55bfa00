import { sameHash } from '../../lib/http/authenticate';
import { httpFunction, type Route } from '../../lib/http/http-function';
import { Refusal } from '../../lib/model/errors';
import { entryOf } from '../../lib/rules/entry-of';
import { accounts, secrets, telemetry } from './container';

/** An HTTP function from its routes, with the door every call passes and metrics written at the end. */
export function api(routes: Readonly<Record<string, Route>>) {
  return httpFunction(routes, () => ({
    secrets: secrets(),
    telemetry: telemetry(),
    async checkDeviceKey({ appKey, keyHash }, { accountId = '', deviceId = '' }) {
      const account = await accounts().get(appKey, accountId);
      const device = account && entryOf(account.devices, deviceId);
      if (!device?.deviceKeyHash || !sameHash(device.deviceKeyHash, keyHash)) {
        throw new Refusal(401, 'the device key is invalid, or its session has ended');
      }
    },
  })).after(() => telemetry().flush());
}
