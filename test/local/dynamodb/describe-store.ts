import { createStore, type Store } from './store';
import { testBilling } from './suite/billing';
import { testConditions } from './suite/conditions';
import { testReads } from './suite/reads';
import { testTables } from './suite/tables';
import { testTransactions } from './suite/transactions';
import { testUpdates } from './suite/updates';

/** An endpoint to test and how to stop it. */
export interface Subject {
  readonly url: string;
  close(): Promise<void>;
}

/** What the service relies on in DynamoDB; said once, to hold for every endpoint that claims to be like it. */
export function describeStore(name: string, start: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    let store: Store;
    beforeAll(async () => {
      subject = await start();
      store = await createStore(subject.url);
    });
    afterAll(async () => {
      store.client.destroy();
      await subject.close();
    });
    const current = () => store;

    describe('tables', () => testTables(current));
    describe('conditions', () => testConditions(current));
    describe('updates', () => testUpdates(current));
    describe('reads', () => testReads(current));
    describe('transactions', () => testTransactions(current));
    describe('billing', () => testBilling(current));
  });
}
