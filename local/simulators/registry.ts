import { apnsKind } from './apns';
import { fcmKind } from './fcm';
import { meizuKind } from './meizu';
import { xiaomiKind } from './xiaomi';

/** Every vendor that is simulated. */
export const simulatorKinds = {
  apns: apnsKind,
  fcm: fcmKind,
  meizu: meizuKind,
  xiaomi: xiaomiKind,
};

export type SimulatedVendor = keyof typeof simulatorKinds;

// the keys are those written above
export const vendors = Object.keys(simulatorKinds) as readonly SimulatedVendor[];
