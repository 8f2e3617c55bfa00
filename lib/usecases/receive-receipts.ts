import pMap from 'p-map';
import { Refusal } from '../model/errors';
import type { AccountStore, CertificateStore, JobStore, Telemetry } from '../model/ports';
import type { Receipt } from '../model/receipt';
import type { Clock, EpochMs } from '../model/time';
import type { TokenLossCounter } from '../model/token-losses';
import type { VendorId } from '../model/vendor-id';
import { muteToken } from '../rules/muted-token';
import { forgetToken } from '../rules/registration';
import { vendorOf } from '../vendors/registry';
import type { ReceiptRequest } from '../vendors/vendor';
import { createTokenGuard } from './token-guard';

export interface ReceiptPorts {
  readonly accounts: AccountStore;
  readonly certificates: CertificateStore;
  readonly jobs: JobStore;
  readonly losses: TokenLossCounter;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const DEFAULT_ANSWER = '{"code":0}';

/** Whatever else is in an address was never given out: nothing has to be read to know it. */
const RECEIPT_ID = /^[A-Za-z0-9_-]{22}$/;
/** Our own job ids are shorter; what is longer is no echo of one, and would not fit a key. */
const MAX_JOB_ID_CHARACTERS = 128;

/**
 * Takes a vendor's report of what became of pushes: stores it with its job and forgets tokens it calls dead.
 * Answers what the vendor wants to read.
 */
export async function receiveReceipts(
  receiptId: string,
  call: Pick<ReceiptRequest, 'body' | 'headers'>,
  ports: ReceiptPorts,
): Promise<string> {
  const address = RECEIPT_ID.test(receiptId)
    ? await ports.certificates.byReceiptId(receiptId)
    : undefined;
  const facts = address && vendorOf(address.vendor);
  if (address === undefined || facts?.readReceipts === undefined) {
    throw new Refusal(404, 'no receipts are expected here');
  }
  const { appKey, vendor, check } = address;
  const receipts = facts.readReceipts({
    ...call,
    receivedAt: ports.clock.now(),
    ...(check === undefined ? {} : { check }),
  });
  for (const { kind, tokens } of receipts) {
    ports.telemetry.count('Receipts', tokens.length, { vendor, kind });
  }
  await ports.jobs.saveReceipts(
    receipts.flatMap((one) =>
      one.jobId === undefined || one.jobId.length > MAX_JOB_ID_CHARACTERS
        ? []
        : [{ ...one, jobId: one.jobId }],
    ),
  );
  const told = (kind: Receipt['kind'], act: Act) =>
    pMap(
      receipts
        .filter((receipt) => receipt.kind === kind)
        .flatMap((receipt) => receipt.tokens.map((token) => ({ token, at: receipt.at }))),
      ({ token, at }) => act({ appKey, vendor, token, at }, ports),
      { concurrency: 10 },
    );
  await told('muted', mute);
  const tokensOf = (kind: Receipt['kind']) =>
    receipts.reduce((sum, one) => sum + (one.kind === kind ? one.tokens.length : 0), 0);
  const fates = { accepted: tokensOf('delivered'), invalid: tokensOf('token-invalid') };
  const guard = createTokenGuard({ vendor, appKey, name: address.certificate }, ports);
  if (await guard.doubts(fates)) {
    ports.telemetry.count('TokensKept', fates.invalid, { vendor });
    return facts.receiptAnswer ?? DEFAULT_ANSWER;
  }
  await told('token-invalid', forget);
  return facts.receiptAnswer ?? DEFAULT_ANSWER;
}

/** One token that a receipt speaks of. */
interface Told {
  readonly appKey: string;
  readonly vendor: VendorId;
  readonly token: string;
  readonly at: EpochMs;
}

type Act = (told: Told, ports: ReceiptPorts) => Promise<void>;

async function forget({ appKey, vendor, token, at }: Told, ports: ReceiptPorts): Promise<void> {
  const { accounts, telemetry } = ports;
  const owner = await accounts.ownerOf(appKey, vendor, token);
  if (owner === undefined) return;
  // a token registered after the report was made is alive again
  await accounts.update(appKey, owner.accountId, (stored) =>
    forgetToken(stored, vendor, token, at),
  );
  telemetry.count('TokensForgotten', 1, { vendor });
}

async function mute({ appKey, vendor, token, at }: Told, ports: ReceiptPorts): Promise<void> {
  const owner = await ports.accounts.ownerOf(appKey, vendor, token);
  if (owner === undefined) return;
  await ports.accounts.update(appKey, owner.accountId, (stored) =>
    muteToken(stored, vendor, token, at),
  );
}
