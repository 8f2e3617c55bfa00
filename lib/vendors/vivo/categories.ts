import type { MessageClass } from '../../model/app-settings';

/** Categories by classification: https://dev.vivo.com.cn/documentCenter/doc/359, as quoted by Alibaba Cloud EMAS (checked 2026-11-24). */
export const SYSTEM = [
  'IM',
  'ACCOUNT',
  'TODO',
  'DEVICE_REMINDER',
  'ORDER',
  'SUBSCRIPTION',
] as const;
export const OPERATIONAL = ['NEWS', 'CONTENT', 'MARKETING', 'SOCIAL'] as const;

const CLASSIFICATIONS: ReadonlyMap<string, 0 | 1> = new Map([
  ...SYSTEM.map((category) => [category, 1] as const),
  ...OPERATIONAL.map((category) => [category, 0] as const),
]);

/** How a message is classed. Operational ones (0) have quotas and hours, system ones (1) do not. */
export interface Classing {
  /** Absent for a category unknown here, which vivo is to class itself: a mismatch is refused (10097). */
  readonly classification?: 0 | 1;
  readonly category: string;
}

/** What `vivoField` says of the class. */
export interface GivenClassing {
  readonly classification?: 0 | 1;
  readonly category?: string;
}

/** The classification a category goes with; undefined for one that is not known here. */
export function classificationOf(category: string): 0 | 1 | undefined {
  return CLASSIFICATIONS.get(category);
}

/**
 * What a class of messages is sent as. A category of the message's own decides; its classification alone keeps the class's
 * category where they go together.
 */
export function classingOf(
  messageClass: MessageClass | undefined,
  given: GivenClassing = {},
): Classing {
  const category = given.category ?? messageClass?.category ?? 'IM';
  const known = classificationOf(category);
  if (given.category !== undefined) return classed(category, known);
  const isOperational = messageClass?.instantMessaging === false;
  const wanted = given.classification ?? (isOperational ? 0 : undefined);
  if (wanted === undefined || wanted === known) return classed(category, known);
  return { classification: wanted, category: wanted === 0 ? 'MARKETING' : 'IM' };
}

function classed(category: string, classification: 0 | 1 | undefined): Classing {
  return classification === undefined ? { category } : { classification, category };
}
