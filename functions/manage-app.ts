import { appSettingsBody } from '../lib/http/admin-schemas';
import { parse } from '../lib/http/parse';
import type { App, AppSettings } from '../lib/model/app-settings';
import { Refusal } from '../lib/model/errors';
import { api } from './wiring/api';
import { apps } from './wiring/container';

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
    async handle({ appKey, body }) {
      const given = Object.entries(parse(appSettingsBody, body)).filter(
        ([, value]) => value !== undefined,
      );
      const settings: Partial<AppSettings> = Object.fromEntries(given);
      return { status: 200, body: shown(await apps().changeSettings(appKey, settings)) };
    },
  },
});

function shown({ appKey, settings }: App) {
  return { appKey, ...settings };
}
