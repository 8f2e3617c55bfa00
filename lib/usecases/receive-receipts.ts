import pMap from 'p-map';
import { Refusal } from '../model/errors';
import type { AccountStore, CertificateStore, JobStore, Telemetry } from '../model/ports';
import type { Receipt } from '../model/receipt';
import type { Clock } from '../model/time';
import type { TokenLossCounter } from '../model/token-losses';
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

/**
 * Takes a vendor's report of what became of pushes: stores it with its job and forgets tokens it calls dead.
 * Answers what the vendor wants to read.
 */
export async function receiveReceipts(
  receiptId: string,
  call: Pick<ReceiptRequest, 'body' | 'headers'>,
  ports: ReceiptPorts,
): Promise<string> {
  const address = await ports.certificates.byReceiptId(receiptId);
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
    receipts.flatMap((one) => (one.jobId === undefined ? [] : [{ ...one, jobId: one.jobId }])),
  );
  const dead = receipts.filter(({ kind }) => kind === 'token-invalid');
  const tokensOf = (kind: Receipt['kind']) =>
    receipts.reduce((sum, one) => sum + (one.kind === kind ? one.tokens.length : 0), 0);
  const fates = { accepted: tokensOf('delivered'), invalid: tokensOf('token-invalid') };
  const guard = createTokenGuard({ appKey, name: address.certificate }, ports);
  if (await guard.doubts(fates)) {
    ports.telemetry.count('TokensKept', fates.invalid, { vendor });
    return facts.receiptAnswer ?? DEFAULT_ANSWER;
  }
  await pMap(
    dead.flatMap((receipt) => receipt.tokens.map((token) => ({ token, receipt }))),
    ({ token, receipt }) => forget(appKey, vendor, token, receipt, ports),
    { concurrency: 10 },
  );
  return facts.receiptAnswer ?? DEFAULT_ANSWER;
}

async function forget(
  appKey: string,
  vendor: Parameters<AccountStore['ownerOf']>[1],
  token: string,
  receipt: Receipt,
  { accounts, telemetry }: ReceiptPorts,
): Promise<void> {
  const owner = await accounts.ownerOf(appKey, vendor, token);
  if (owner === undefined) return;
  // a token registered after the report was made is alive again
  await accounts.update(appKey, owner.accountId, (stored) =>
    forgetToken(stored, vendor, token, receipt.at),
  );
  telemetry.count('TokensForgotten', 1, { vendor });
}
