import { signToken } from '../../local/one-machine';
import { type Call, DescribedApi } from './described-api';
import { type Service, startService } from './service';

/** The running service beside what it says of itself. */
export interface DescribedService extends Service {
  readonly api: DescribedApi;
  /** Of an admin, a server, and two users' phones. */
  readonly tokens: Readonly<Record<'admin' | 'server' | 'alice' | 'mallory', string>>;
  /** Expects this status of a call, and nothing in the call or its answer that is not described. */
  expectAnswer(call: Call, status: number): Promise<void>;
}

export const ROUTES = {
  ACCOUNT: '/v1/accounts/{accountId}',
  DEVICE: '/v1/accounts/{accountId}/devices/{deviceId}',
  MUTE: '/v1/accounts/{accountId}/mutes/{conversationId}',
  RECALL: 'DELETE /v1/messages/{messageId}',
  TRACE: 'GET /v1/messages/{messageId}/trace',
  TEAM: '/v1/teams/{teamId}/members',
  CERTIFICATE: '/v1/certificates/{name}',
} as const;

/** What these variables of a path stand for in most calls. */
export const ALICE = { accountId: 'alice', deviceId: 'd1', certificate: 'xiaomi' } as const;

export async function startDescribedService(): Promise<DescribedService> {
  const service = await startService();
  const { stack, app } = service.machine;
  const answer = await fetch(`${stack.url}/openapi.json`);
  const api = new DescribedApi(stack.url, await answer.json());
  const [admin, server, alice, mallory] = await Promise.all([
    signToken(app, 'admin'),
    signToken(app, 'server'),
    signToken(app, 'device', 'alice'),
    signToken(app, 'device', 'mallory'),
  ]);
  return {
    ...service,
    api,
    tokens: { admin, server, alice, mallory },
    async expectAnswer(call, status) {
      const { route } = call;
      expect({ ...(await api.call(call)), route }).toEqual({ status, problems: [], route });
    },
  };
}
