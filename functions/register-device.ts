import { randomBytes } from 'node:crypto';
import { changeDeviceBody } from '../lib/http/account-schemas';
import { deviceKeyOf, hashDeviceKey } from '../lib/http/authenticate';
import { registerDeviceBody, tokenBody } from '../lib/http/device-schemas';
import { certificateNameField, idField } from '../lib/http/fields';
import type { ApiCall } from '../lib/http/http-function';
import { parse } from '../lib/http/parse';
import { warningsFor } from '../lib/http/unknown-fields';
import { setDeviceSettings } from '../lib/usecases/change-settings';
import {
  type DeviceAddress,
  dropToken,
  logInDevice,
  refreshToken,
} from '../lib/usecases/register-device';
import { api } from './wiring/api';
import { accounts, apps, clock } from './wiring/container';

const ports = () => ({ accounts: accounts(), apps: apps(), clock });
const DEVICE = '/v1/accounts/{accountId}/devices/{deviceId}';
const TOKEN = `${DEVICE}/tokens/{certificate}`;

/** Logs devices in, keeps their tokens and switches. */
export const handler = api({
  [`PUT ${DEVICE}`]: {
    scope: 'device',
    async handle(call) {
      const address = addressOf(call);
      const { platform, tokens, autoSelectPushType, ...facts } = parse(
        registerDeviceBody,
        call.body,
      );
      const deviceKey = deviceKeyOf(call.appKey, randomBytes(32));
      const answer = await logInDevice(
        address,
        {
          platform,
          tokens,
          ...defined({ autoSelectPushType }),
          facts: defined(facts),
          deviceKeyHash: hashDeviceKey(deviceKey),
        },
        ports(),
      );
      return {
        status: 200,
        body: { ...answer, deviceKey, ...warningsFor(call.body, registerDeviceBody) },
      };
    },
  },

  [`PATCH ${DEVICE}`]: {
    scope: 'device',
    async handle(call) {
      const change = parse(changeDeviceBody, call.body);
      const device = await setDeviceSettings(addressOf(call), change, ports());
      return {
        status: 200,
        body: {
          pushEnabled: device?.pushEnabled ?? true,
          settings: device?.settings ?? {},
          ...warningsFor(call.body, changeDeviceBody),
        },
      };
    },
  },

  [`PUT ${TOKEN}`]: {
    scope: 'device',
    deviceKey: true,
    async handle(call) {
      const certificate = parse(certificateNameField, call.path['certificate'], 'certificate');
      const { token } = parse(tokenBody, call.body);
      const answer = await refreshToken(addressOf(call), certificate, token, ports());
      return { status: 200, body: { ...answer, ...warningsFor(call.body, tokenBody) } };
    },
  },

  [`DELETE ${TOKEN}`]: {
    scope: 'device',
    deviceKey: true,
    async handle(call) {
      const certificate = parse(certificateNameField, call.path['certificate'], 'certificate');
      await dropToken(addressOf(call), certificate, ports());
      return { status: 204 };
    },
  },
});

function addressOf({ appKey, path }: ApiCall): DeviceAddress {
  return {
    appKey,
    accountId: parse(idField, path['accountId'], 'accountId'),
    deviceId: parse(idField, path['deviceId'], 'deviceId'),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are undefined: left out means keep. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
