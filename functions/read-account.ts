import { fingerprint } from '../lib/aws/fingerprint';
import { idField } from '../lib/http/fields';
import { parse } from '../lib/http/parse';
import { Refusal } from '../lib/model/errors';
import { readAccount } from '../lib/usecases/read-account';
import { api } from './wiring/api';
import { accounts, apps, clock } from './wiring/container';

/** Shows an account with its devices; tokens as fingerprints only. */
export const handler = api({
  'GET /v1/accounts/{accountId}': {
    scope: 'device',
    async handle({ appKey, path }) {
      const accountId = parse(idField, path['accountId'], 'accountId');
      const ports = { accounts: accounts(), apps: apps(), clock, fingerprint };
      const body = await readAccount(appKey, accountId, ports);
      if (body === undefined) throw new Refusal(404, 'there is no such account');
      return { status: 200, body };
    },
  },
});
