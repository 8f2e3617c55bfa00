import type { DispatchPorts } from '../../lib/usecases/dispatch-messages';
import { accounts, apps, clock, hash, jobs, queue, submissions, telemetry } from './container';

/** What both ways of sending a message in need. */
export function dispatchPorts(): DispatchPorts {
  return {
    accounts: accounts(),
    apps: apps(),
    submissions: submissions(),
    jobs: jobs(),
    queue: queue(),
    telemetry: telemetry(),
    clock,
    hash,
  };
}
