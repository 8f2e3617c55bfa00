import { apnsKind } from './apns';
import { fcmKind } from './fcm';
import { honorKind } from './honor';
import { meizuKind } from './meizu';
import { oppoKind } from './oppo';
import { vivoKind } from './vivo';
import { xiaomiKind } from './xiaomi';

/** Every vendor that is simulated. */
export const simulatorKinds = {
  apns: apnsKind,
  fcm: fcmKind,
  honor: honorKind,
  meizu: meizuKind,
  oppo: oppoKind,
  vivo: vivoKind,
  xiaomi: xiaomiKind,
};

export type SimulatedVendor = keyof typeof simulatorKinds;

// the keys are those written above
export const vendors = Object.keys(simulatorKinds) as readonly SimulatedVendor[];
