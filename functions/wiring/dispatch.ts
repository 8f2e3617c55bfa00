import { createHookClient } from '../../lib/http/hook-client';
import type { DispatchPorts } from '../../lib/usecases/dispatch-messages';
import {
  accounts,
  apps,
  clock,
  environment,
  hash,
  jobs,
  lazy,
  queue,
  secrets,
  submissions,
  telemetry,
} from './container';

const hook = lazy(() => {
  const loopbackAllowed = environment().ENDPOINT_HOSTS.split(',').includes('loopback');
  return createHookClient({ secrets: secrets(), clock, loopbackAllowed });
});

/** What both ways of sending a message in need. */
export function dispatchPorts(): DispatchPorts {
  return {
    accounts: accounts(),
    apps: apps(),
    submissions: submissions(),
    jobs: jobs(),
    queue: queue(),
    hook: hook(),
    telemetry: telemetry(),
    clock,
    hash,
  };
}
