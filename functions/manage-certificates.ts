import { certificateBody } from '../lib/http/admin-schemas';
import { certificateNameField } from '../lib/http/fields';
import { parse } from '../lib/http/parse';
import { Refusal } from '../lib/model/errors';
import { entryOf } from '../lib/rules/entry-of';
import { configureCertificate } from '../lib/usecases/configure-certificate';
import { api } from './wiring/api';
import { apps, certificates, environment } from './wiring/container';

/** Keeps certificates; what goes in as a secret never comes out again. */
export const handler = api({
  'PUT /v1/certificates/{name}': {
    scope: 'admin',
    async handle({ appKey, path, body }) {
      const name = nameIn(path);
      const certificate = { ...parse(certificateBody, body), name, appKey };
      const loopback = environment().ENDPOINT_HOSTS.split(',').includes('loopback');
      const entry = await configureCertificate(certificate, certificates(), loopback);
      return { status: 200, body: entry };
    },
  },

  'GET /v1/certificates/{name}': {
    scope: 'admin',
    async handle({ appKey, path }) {
      const name = nameIn(path);
      const app = await apps().getFresh(appKey);
      const entry = app && entryOf(app.certificates, name);
      if (entry === undefined) throw new Refusal(404, 'there is no such certificate');
      return { status: 200, body: entry };
    },
  },

  'DELETE /v1/certificates/{name}': {
    scope: 'admin',
    async handle({ appKey, path }) {
      await certificates().remove(appKey, nameIn(path));
      return { status: 204 };
    },
  },

  'GET /v1/certificates': {
    scope: 'admin',
    async handle({ appKey }) {
      const app = await apps().getFresh(appKey);
      return { status: 200, body: { certificates: Object.values(app?.certificates ?? {}) } };
    },
  },
});

function nameIn(path: Readonly<Record<string, string>>): string {
  return parse(certificateNameField, path['name'], 'name');
}
