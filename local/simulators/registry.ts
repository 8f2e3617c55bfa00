import { apnsKind } from './apns';
import { fcmKind } from './fcm';
import { harmonyKind } from './harmony';
import { honorKind } from './honor';
import { huaweiKind } from './huawei';
import { meizuKind } from './meizu';
import { oppoKind } from './oppo';
import { vivoKind } from './vivo';
import { xiaomiKind } from './xiaomi';

/** Every vendor that is simulated. */
export const simulatorKinds = {
  apns: apnsKind,
  fcm: fcmKind,
  harmony: harmonyKind,
  honor: honorKind,
  huawei: huaweiKind,
  meizu: meizuKind,
  oppo: oppoKind,
  vivo: vivoKind,
  xiaomi: xiaomiKind,
};

export type SimulatedVendor = keyof typeof simulatorKinds;

// the keys are those written above
export const vendors = Object.keys(simulatorKinds) as readonly SimulatedVendor[];
