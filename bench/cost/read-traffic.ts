import { Command, InvalidArgumentError, Option } from 'commander';
import type { Traffic } from './cost-model';

const SECONDS_OF_HOUR = 3_600;
const DAYS = 30;
/** As long as vendors' tokens are on average: 64 of APNs and OPPO, 163 of FCM. */
const TOKEN_BYTES = 100;
const ROUND_TRIP_MS = 100;

interface Options {
  readonly messages: number;
  readonly group: number;
  readonly offline: number;
  readonly devices: number;
  readonly eventsPerCall: number;
  readonly batchId?: true;
  readonly queue?: true;
  readonly trace: Traffic['trace'];
  readonly vendors: number;
  readonly oneToken: number;
  readonly receipts: number;
  readonly busyHours: number;
  readonly json?: true;
}

/** What was asked for on the command line. */
export interface CostRequest {
  readonly traffic: Traffic;
  readonly asJson: boolean;
}

/**
 * Reads the options of `npm run cost`.
 *
 * @param told takes what commander has to say: help, or which option is wrong
 * @throws commander's CommanderError after it was told
 */
export function readTraffic(
  args: readonly string[],
  told: (text: string) => void = (text) => process.stderr.write(text),
): CostRequest {
  const share = numberFrom(0, 1);
  const command = new Command('npm run cost --')
    .description('What a month of messages costs, at AWS list prices without the free tier.')
    .option('--messages <count>', 'message events a month', numberFrom(1, 1e12), 10e6)
    .option('--group <size>', 'recipients of a message; 1 is 1-to-1', wholeFrom(1, 10_000), 1)
    .option('--offline <share>', 'recipients that are pushed to', share, 0.7)
    .option('--devices <count>', 'devices of a recipient that is pushed to', numberFrom(1, 10), 1)
    .option('--events-per-call <count>', 'messages in one call', wholeFrom(1, 100), 1)
    .option('--batch-id', 'calls have a batchId')
    .option('--queue', 'messages come through the message-events queue, ten at once')
    .addOption(
      new Option('--trace <level>', 'trace level of the app')
        .choices(['off', 'failures', 'full'])
        .default('full'),
    )
    .option('--vendors <count>', 'vendors among which the phones are spread', wholeFrom(1, 9), 6)
    .option('--one-token <share>', 'pushes through FCM and APNs', share, 0.15)
    .option('--receipts <share>', 'pushes whose vendor sends a receipt', share, 0)
    .option('--busy-hours <hours>', 'hours of a day in which they come', numberFrom(0.1, 24), 8)
    .option('--json', 'print JSON')
    .configureOutput({ writeOut: told, writeErr: told })
    .exitOverride()
    .parse(args, { from: 'user' });
  const options = command.opts<Options>();
  const { messages, busyHours } = options;
  return {
    asJson: options.json === true,
    traffic: {
      messages,
      messagesPerSecond: messages / (DAYS * busyHours * SECONDS_OF_HOUR),
      recipients: options.group,
      pushesPerRecipient: options.offline * options.devices,
      eventsPerCall: options.eventsPerCall,
      batchId: options.batchId === true,
      viaQueue: options.queue === true,
      trace: options.trace,
      vendors: options.vendors,
      oneTokenShare: options.oneToken,
      tokenBytes: TOKEN_BYTES,
      roundTripMs: ROUND_TRIP_MS,
      receiptShare: options.receipts,
    },
  };
}

function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() === '' || !(number >= least && number <= most)) {
      throw new InvalidArgumentError(`Must be a number from ${least} to ${most}.`);
    }
    return number;
  };
}

function wholeFrom(least: number, most: number): (text: string) => number {
  const read = numberFrom(least, most);
  return (text) => {
    const number = read(text);
    if (!Number.isInteger(number)) throw new InvalidArgumentError('Must be a whole number.');
    return number;
  };
}
