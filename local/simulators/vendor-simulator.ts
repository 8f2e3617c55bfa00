import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { VendorKeys } from './key-file';
import type { Phones } from './phones';
import type { Counters, VendorFront } from './vendor-front';

/** A running simulator of one vendor. */
export interface VendorSimulator {
  readonly front: VendorFront;
  /** Answers a request; `path` is what follows the vendor's prefix. */
  handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void>;
  /** Obeys what was posted to `/<vendor>/control`; says what is wrong with it, if anything. */
  obey(order: unknown): string | undefined;
  /** Counts since the start or the last reset. */
  counters(): Counters & { readonly authRequests: number };
  /** Ends all faults and settings and starts counting anew. */
  reset(): void;
  /** Where receipts go that are set up in the vendor's console; absent where each message names its address. */
  useReceiptAddress?(url: string): void;
  /** Base address where the vendor listens on a port of its own; absent for one behind the common port. */
  readonly ownEndpoint?: string;
  close?(): Promise<void>;
}

/** Parses an order and has it carried out; answers what is wrong with it instead, if anything. */
export function obeyOrder<Control>(
  schema: v.GenericSchema<unknown, Control>,
  order: unknown,
  control: (change: Control) => void,
): string | undefined {
  const parsed = v.safeParse(schema, order);
  if (!parsed.success) return v.summarize(parsed.issues);
  control(parsed.output);
  return undefined;
}

/** What every simulator is started with. */
export interface SimulatorContext {
  readonly phones: Phones;
  readonly packageName: string;
  readonly ratePerSecond: number;
  /** Requests kept for `GET /<vendor>/requests`. */
  readonly keepRequests: number;
  /** How long receipts are collected before they are posted. */
  readonly receiptDelayMs: number;
  /** Address to listen on, for one with a port of its own. */
  readonly host: string;
}

/** A started simulator, and what its customer must know. */
export interface StartedSimulator<Simulator, Credentials> {
  readonly simulator: Simulator;
  /** What a certificate's `credentials` must be; `url` is the simulators' own. */
  credentials(url: string): Credentials;
}

/** How to start the simulator of one vendor: one line in `registry.ts`. */
export interface SimulatorKind<Simulator extends VendorSimulator, Credentials> {
  /** Requests, or tokens where the vendor counts those, per second unless told otherwise. */
  readonly defaultRatePerSecond: number;
  /** The vendor issues access tokens: a certificate needs an `authEndpoint` too. */
  readonly hasAuthEndpoint: boolean;
  start(
    keys: VendorKeys,
    context: SimulatorContext,
  ): Promise<StartedSimulator<Simulator, Credentials>>;
  /** Paths without the vendor's prefix that are this vendor's, for SDKs that cannot be given a prefix. */
  isRootPath?(path: string): boolean;
}
