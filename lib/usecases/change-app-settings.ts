import type { App, AppSettingsChange, ClassSettings } from '../model/app-settings';
import { type FieldError, Refusal } from '../model/errors';
import type { AppStore } from '../model/ports';
import { problemsOfPayload } from './check-payloads';

export interface ChangeAppPorts {
  readonly apps: Pick<AppStore, 'changeSettings'>;
  /** The webhook may be on this machine and without TLS: for one machine alone. */
  readonly loopbackAllowed: boolean;
}

/**
 * Changes what an app has set. Throws `Refusal` 400 naming each field of a class that some vendor would refuse, and a
 * webhook that is not reached by https.
 */
export async function changeAppSettings(
  appKey: string,
  change: AppSettingsChange,
  { apps, loopbackAllowed }: ChangeAppPorts,
): Promise<App> {
  const { classes = {}, hook } = change;
  const errors = [
    ...Object.entries(classes).flatMap(([name, settings]) => classErrors(name, settings)),
    ...(hook && !isHookAllowed(hook.url, loopbackAllowed)
      ? [{ path: 'hook.url', message: 'must be an https address without a user' }]
      : []),
  ];
  if (errors.length > 0) throw new Refusal(400, 'the request has invalid fields', errors);
  return apps.changeSettings(appKey, change);
}

function classErrors(name: string, { payload = {} }: ClassSettings): FieldError[] {
  return problemsOfPayload(payload).map(({ path, message }) => ({
    path: ['classes', name, 'payload', ...path].join('.'),
    message,
  }));
}

function isHookAllowed(address: string, loopbackAllowed: boolean): boolean {
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback && loopbackAllowed);
}
