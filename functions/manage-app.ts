import { appSettingsBody } from '../lib/http/app-schemas';
import { parse } from '../lib/http/parse';
import type { App } from '../lib/model/app-settings';
import { Refusal } from '../lib/model/errors';
import { changeAppSettings } from '../lib/usecases/change-app-settings';
import { api } from './wiring/api';
import { apps, environment } from './wiring/container';

/** All settings in one call, with room for how they are written. */
const MAX_BODY_BYTES = 262_144;

/** Shows and changes what an app has set. */
export const handler = api({
  'GET /v1/app': {
    scope: 'admin',
    async handle({ appKey }) {
      const app = await apps().getFresh(appKey);
      if (app === undefined) throw new Refusal(401, 'the app is unknown');
      return { status: 200, body: shown(app) };
    },
  },

  'PATCH /v1/app': {
    scope: 'admin',
    maxBodyBytes: MAX_BODY_BYTES,
    async handle({ appKey, body }) {
      const app = await changeAppSettings(appKey, parse(appSettingsBody, body), {
        apps: apps(),
        loopbackAllowed: environment().ENDPOINT_HOSTS.split(',').includes('loopback'),
      });
      return { status: 200, body: shown(app) };
    },
  },
});

function shown({ appKey, settings }: App) {
  return { appKey, ...settings };
}
