import { randomBytes } from 'node:crypto';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { CertificateEntry } from '../model/app-settings';
import type { Certificate, ReceiptCheck } from '../model/certificate';
import { ConflictError } from '../model/errors';
import type { CertificateStore } from '../model/ports';
import type { VendorId } from '../model/vendor-id';
import { entryOf } from '../rules/entry-of';
import { appPut, readStoredApp } from './app-store';
import { isLostRace } from './conditions';
import type { Envelope, SealContext, Sealed } from './envelope';
import { keepFor } from './keep-for';
import { packJson, unpackJson } from './stored-json';

/** A container may go on with a certificate for so long after it was changed or removed. */
const KEEP_MS = 10_000;
const MAX_TRIES = 8;
const RECEIPT_ID_BYTES = 16;

/** What is stored of a certificate: all but its credentials in the open. */
interface StoredCertificate extends Omit<Certificate, 'credentials' | 'receipts'> {
  /** The credentials. */
  readonly sealed: Sealed;
  /** Sealed are `credentials` and `receipts`: where a vendor signs nothing, its sender makes the proof. */
  readonly sealsReceipts?: true;
}

type SealedTogether = Pick<Certificate, 'credentials' | 'receipts'>;

/** Certificates on DynamoDB, one vendor's under one key prefix so that IAM can keep vendors apart. */
export function createCertificateStore(
  client: DynamoDBDocumentClient,
  table: string,
  envelope: Envelope,
): CertificateStore {
  const opened = keepFor(KEEP_MS, async (key: string): Promise<Certificate | undefined> => {
    const address = unpackJson<Address>(key);
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: itemKey(address), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { sealed, sealsReceipts, ...rest } = unpackJson<StoredCertificate>(Item['data']);
    // bound to where it was looked for: what was copied from elsewhere does not open
    const secret: unknown = JSON.parse(
      await envelope.open(sealed, contextOf('certificate', address)),
    );
    // sealed by `put` below, from a Certificate
    if (sealsReceipts) return { ...rest, ...(secret as SealedTogether) };
    return { ...rest, credentials: isRecord(secret) ? secret : {} };
  });

  return {
    async put(certificate) {
      const { credentials, receipts, ...rest } = certificate;
      const [sealed, check] = await Promise.all([
        envelope.seal(
          JSON.stringify(receipts === undefined ? credentials : { credentials, receipts }),
          contextOf('certificate', certificate),
        ),
        // sealed apart: who answers vendors' calls from outside opens no credentials
        receipts && envelope.seal(JSON.stringify(receipts), contextOf('receipt', certificate)),
      ]);
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const stored = await readStoredApp(client, table, certificate.appKey);
        if (stored === undefined) throw new Error(`no app ${certificate.appKey}`);
        const before = entryOf(stored.app.certificates, certificate.name);
        const receiptId = before?.receiptId ?? newReceiptId();
        const entry = directoryEntry({ ...certificate, receiptId });
        const certificates = { ...stored.app.certificates, [certificate.name]: entry };
        try {
          await client.send(
            new TransactWriteCommand({
              TransactItems: [
                {
                  Put: appPut(
                    table,
                    certificate.appKey,
                    { ...stored.app, certificates },
                    stored.version,
                  ),
                },
                {
                  Put: {
                    TableName: table,
                    Item: {
                      ...itemKey(certificate),
                      data: packJson({
                        ...rest,
                        receiptId,
                        sealed,
                        ...(receipts === undefined ? {} : { sealsReceipts: true }),
                      }),
                    },
                  },
                },
                {
                  Put: {
                    TableName: table,
                    Item: {
                      ...receiptKey(receiptId),
                      appKey: certificate.appKey,
                      vendor: certificate.vendor,
                      certificate: certificate.name,
                      ...(check === undefined ? {} : { check: packJson(check) }),
                    },
                  },
                },
                ...(before !== undefined && before.vendor !== certificate.vendor
                  ? [{ Delete: { TableName: table, Key: itemKey({ ...certificate, ...before }) } }]
                  : []),
              ],
            }),
          );
          return entry;
        } catch (error) {
          if (!isLostRace(error)) throw error;
        }
      }
      throw new ConflictError(`certificates of ${certificate.appKey} kept changing`);
    },

    async remove(appKey, name) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const stored = await readStoredApp(client, table, appKey);
        const entry = stored && entryOf(stored.app.certificates, name);
        if (stored === undefined || entry === undefined) return false;
        const { [name]: _removed, ...certificates } = stored.app.certificates;
        try {
          await client.send(
            new TransactWriteCommand({
              TransactItems: [
                { Put: appPut(table, appKey, { ...stored.app, certificates }, stored.version) },
                {
                  Delete: {
                    TableName: table,
                    Key: itemKey({ vendor: entry.vendor, appKey, name }),
                  },
                },
                { Delete: { TableName: table, Key: receiptKey(entry.receiptId) } },
              ],
            }),
          );
          return true;
        } catch (error) {
          if (!isLostRace(error)) throw error;
        }
      }
      throw new ConflictError(`certificates of ${appKey} kept changing`);
    },

    async open(appKey, vendor, name) {
      const key = JSON.stringify({ vendor, appKey, name } satisfies Address);
      const certificate = await opened.get(key);
      // one stored a moment ago must not stay missing: jobs for it would be dropped
      if (certificate === undefined) opened.forget(key);
      return certificate;
    },

    async byReceiptId(receiptId) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: receiptKey(receiptId) }),
      );
      if (Item === undefined) return undefined;
      const address = {
        appKey: String(Item['appKey']),
        vendor: Item['vendor'] as VendorId, // written by `put` above, from a Certificate
        certificate: String(Item['certificate']),
      };
      if (Item['check'] === undefined) return address;
      const context = contextOf('receipt', { ...address, name: address.certificate });
      const text = await envelope.open(unpackJson<Sealed>(Item['check']), context);
      return { ...address, check: JSON.parse(text) as ReceiptCheck }; // sealed by `put` above
    },
  };
}

type Address = Pick<Certificate, 'vendor' | 'appKey' | 'name'>;

function itemKey({ vendor, appKey, name }: Address): { pk: string; sk: string } {
  return { pk: `certificate/${vendor}/${appKey}`, sk: name };
}

function receiptKey(receiptId: string): { pk: string; sk: string } {
  return { pk: `receipt/${receiptId}`, sk: 'receipt' };
}

function contextOf(
  purpose: 'certificate' | 'receipt',
  { appKey, vendor, name }: Address,
): SealContext {
  // KMS contexts are plain ASCII in many tools, names are not
  return { purpose, app: appKey, vendor, name: encodeURIComponent(name) };
}

function directoryEntry(certificate: Certificate): CertificateEntry {
  const { name, vendor, receiptId, endpoint, authEndpoint, limits, classes } = certificate;
  return {
    name,
    vendor,
    receiptId,
    ...(certificate.package === undefined ? {} : { package: certificate.package }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(authEndpoint === undefined ? {} : { authEndpoint }),
    ...(limits === undefined ? {} : { limits }),
    ...(classes === undefined ? {} : { classes }),
    ...(certificate.receipts === undefined ? {} : { receiptsChecked: true }),
  };
}

/** 22 unguessable characters: whoever knows them may post receipts for one certificate. */
function newReceiptId(): string {
  return randomBytes(RECEIPT_ID_BYTES).toString('base64url');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
