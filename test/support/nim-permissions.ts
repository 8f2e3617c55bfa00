import type { ApiClient } from '../../local/api-client';
import { logIn } from './journeys';
import { aCopy, aPresenceCopy, postCopy } from './nim-copies';
import type { Service } from './service';

/**
 * Has the function for NIM's copies do all it can: accounts whose mutes lie apart, that outgrow their devices, that a
 * node vouches for, a team of many, a copy that comes again, and a raised setting that prolongs what is kept.
 *
 * @param used waits until a permission was used, acting meanwhile
 */
export async function copiesArrive(
  service: Service,
  used: (permission: string, act: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const { server, admin } = service;
  await mutedInMany(service, 'nim-quiet');
  await crowded(service, 'nim-crowd');
  await connectedTo(server, 'nim-node');
  await postCopy(service, aPresenceCopy('2', 'nim-crowd', Date.now(), { deviceId: 'browser' }));

  const many = Array.from({ length: 101 }, (_, index) => `nim-member-${index}`);
  await server.call('PUT', '/v1/teams/nim-team/members', { members: ['nim-quiet', ...many] });
  const toTeam = aCopy({ convType: 'TEAM', to: 'nim-team' });
  const toPhone = aCopy({ to: 'nim-quiet' });
  for (const copy of [toTeam, toPhone, toPhone, aCopy({ to: 'nim-node' })]) {
    await postCopy(service, copy);
  }

  // a container may go on with the settings it knows for a moment
  await admin.call('PATCH', '/v1/app', { deviceInactiveDays: 1_000 });
  for (const permission of ['PutItem token/*', 'UpdateItem mutes/*']) {
    await used(`receive-nim: dynamodb:${permission}`, () =>
      postCopy(service, aPresenceCopy('2', 'nim-quiet', Date.now())),
    );
  }
}

/** More than lies within its account. */
async function mutedInMany(service: Service, accountId: string): Promise<void> {
  await logIn(service, accountId);
  for (let number = 0; number < 34; number += 1) {
    await service.server.call('PUT', `/v1/accounts/${accountId}/mutes/team-${number}`);
  }
}

/** As many devices as an account has, one of them logged out. */
async function crowded(service: Service, accountId: string): Promise<void> {
  for (let phone = 1; phone <= 10; phone += 1) await logIn(service, accountId, {}, `d${phone}`);
  await service.server.call('DELETE', `/v1/accounts/${accountId}/devices/d1/session`);
}

async function connectedTo(server: ApiClient, accountId: string): Promise<void> {
  await server.call('POST', '/v1/presence', {
    ...{ node: 'nim-server', epoch: '1' },
    events: [{ accountId, deviceId: 'd1', event: 'login' }],
  });
}
