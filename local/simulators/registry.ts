import { fcmKind } from './fcm';
import { xiaomiKind } from './xiaomi';

/** Every vendor that is simulated. */
export const simulatorKinds = { xiaomi: xiaomiKind, fcm: fcmKind };

export type SimulatedVendor = keyof typeof simulatorKinds;

// the keys are those written above
export const vendors = Object.keys(simulatorKinds) as readonly SimulatedVendor[];
