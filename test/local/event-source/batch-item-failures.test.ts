import { readBatchItemFailures } from '../../../local/event-source/batch-item-failures';

const ids = ['a', 'b', 'c'];

test.each([
  [null, []],
  [undefined, []],
  [{}, []],
  [{ batchItemFailures: null }, []],
  [{ batchItemFailures: [] }, []],
  [{ batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
  [{ batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'b' }] }, ['b']],
  [{ batchItemFailures: [{ itemIdentifier: '' }] }, ids],
  [{ batchItemFailures: [{ itemIdentifier: null }] }, ids],
  [{ batchItemFailures: [{ identifier: 'b' }] }, ids],
  [{ batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'unknown' }] }, ids],
  [{ batchItemFailures: 'b' }, ids],
  ['done', ids],
])('%j fails %j', (result, failed) => {
  expect([...readBatchItemFailures(result, ids)]).toEqual(failed);
});
