import { sameHash } from '../../lib/http/authenticate';
import { idField } from '../../lib/http/fields';
import { httpFunction, type Route } from '../../lib/http/http-function';
import { parse } from '../../lib/http/parse';
import { Refusal } from '../../lib/model/errors';
import { entryOf } from '../../lib/rules/entry-of';
import { accounts, nonces, secrets, telemetry } from './container';

/** An HTTP function from its routes, with the door every call passes and metrics written at the end. */
export function api(routes: Readonly<Record<string, Route>>) {
  return httpFunction(routes, () => ({
    secrets: secrets(),
    nonces: nonces(),
    telemetry: telemetry(),
    async checkDeviceKey({ appKey, keyHash }, { accountId, deviceId = '' }) {
      const id = parse(idField, accountId, 'accountId');
      // what an app handed out ends with its last secret
      const isRevoked = (await secrets().secretsOf(appKey)).size === 0;
      const account = isRevoked ? undefined : await accounts().get(appKey, id);
      const device = account && entryOf(account.devices, deviceId);
      if (!device?.deviceKeyHash || !sameHash(device.deviceKeyHash, keyHash)) {
        throw new Refusal(401, 'the device key is invalid, or its session has ended');
      }
    },
  })).after(() => telemetry().flush());
}
