import pMap from 'p-map';
import { Refusal } from '../model/errors';
import type { AccountStore, CertificateStore, JobStore, Telemetry } from '../model/ports';
import type { Receipt } from '../model/receipt';
import type { Clock } from '../model/time';
import { forgetToken } from '../rules/registration';
import { vendorOf } from '../vendors/registry';

export interface ReceiptPorts {
  readonly accounts: AccountStore;
  readonly certificates: CertificateStore;
  readonly jobs: JobStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Takes a vendor's report of what became of pushes: stores it with its job and forgets tokens it calls dead. */
export async function receiveReceipts(
  receiptId: string,
  call: { readonly body: string; readonly contentType: string },
  ports: ReceiptPorts,
): Promise<void> {
  const address = await ports.certificates.byReceiptId(receiptId);
  const read = address && vendorOf(address.vendor)?.readReceipts;
  if (address === undefined || read === undefined) {
    throw new Refusal(404, 'no receipts are expected here');
  }
  const { appKey, vendor } = address;
  const receipts = read({ ...call, receivedAt: ports.clock.now() });
  for (const { kind, tokens } of receipts) {
    ports.telemetry.count('Receipts', tokens.length, { vendor, kind });
  }
  await ports.jobs.saveReceipts(
    receipts.flatMap((one) => (one.jobId === undefined ? [] : [{ ...one, jobId: one.jobId }])),
  );
  const dead = receipts.filter(({ kind }) => kind === 'token-invalid');
  await pMap(
    dead.flatMap((receipt) => receipt.tokens.map((token) => ({ token, receipt }))),
    ({ token, receipt }) => forget(appKey, vendor, token, receipt, ports),
    { concurrency: 10 },
  );
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
