import { certificateBody, verifyQuery } from '../lib/http/admin-schemas';
import { certificateNameField } from '../lib/http/fields';
import { createHttpClient } from '../lib/http/http-client';
import { parse } from '../lib/http/parse';
import type { Certificate } from '../lib/model/certificate';
import { Refusal } from '../lib/model/errors';
import { entryOf } from '../lib/rules/entry-of';
import { configureCertificate } from '../lib/usecases/configure-certificate';
import { verifiers } from '../lib/vendors/verifiers';
import { api } from './wiring/api';
import { accessTokens, apps, certificates, clock, environment, lazy } from './wiring/container';

const http = lazy(createHttpClient);

/** Keeps certificates; what goes in as a secret never comes out again. */
export const handler = api({
  'PUT /v1/certificates/{name}': {
    scope: 'admin',
    async handle({ appKey, path, query, body }) {
      const name = nameIn(path);
      const certificate = { ...parse(certificateBody, body), name, appKey };
      const verify = parse(verifyQuery, query['verify'], 'verify');
      const entry = await configureCertificate(certificate, {
        certificates: certificates(),
        loopbackAllowed: environment().ENDPOINT_HOSTS.split(',').includes('loopback'),
        ...(verify === 'true' ? { verify: askVendor } : {}),
      });
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

function askVendor(certificate: Certificate) {
  // its vendor was found in the registry before
  const verify = verifiers[certificate.vendor as keyof typeof verifiers];
  return verify(certificate, { http: http(), clock, accessTokens: accessTokens() });
}

function nameIn(path: Readonly<Record<string, string>>): string {
  return parse(certificateNameField, path['name'], 'name');
}
