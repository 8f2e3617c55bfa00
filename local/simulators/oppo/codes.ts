import { jsonReply, type Reply } from '../exchange';

/**
 * The codes this simulator answers with. Source: OPPO open platform, "request address, common parameters,
 * return codes" (doc 11235); 54 and 67 as support notes and push gateways report them.
 */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  [-1]: 'Service is unavailable',
  [-2]: 'Flow control',
  0: 'success',
  11: 'Invalid auth token',
  12: 'HTTP method is not allowed',
  13: 'App call limited',
  14: 'Invalid app key',
  15: 'Missing app key',
  16: 'Invalid signature',
  17: 'Missing signature',
  18: 'Missing timestamp',
  19: 'Invalid timestamp',
  20: 'Missing method',
  21: 'Invalid method',
  22: 'Missing version',
  23: 'Invalid version',
  24: 'Unsupported version',
  25: 'Invalid encoding',
  26: 'IP is on the black list',
  29: 'Missing auth token',
  32: 'Data duplicate',
  33: 'The number of messages exceeds the daily limit',
  40: 'Missing arguments',
  41: 'Invalid arguments',
  54: 'private_msg_template_id is null',
  55: 'App call frequency limit',
  67: 'category error',
  10000: 'Invalid RegistrationId',
};

/** The words beside a code. */
export function describeCode(code: number): string {
  return DESCRIPTIONS[code] ?? 'error';
}

/** Why something is refused, in the vendor's terms. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** A refusal in the words of its code, or in others. */
export function refuse(code: number, message: string = describeCode(code)): Refusal {
  return { code, message };
}

/** Business errors come with HTTP 200, as the official Java SDK expects them. */
export function errorReply({ code, message }: Refusal): Reply {
  return jsonReply(200, { code, message });
}
