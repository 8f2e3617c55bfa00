import type { AttributeValue } from '../../../local/dynamodb/dynalite';
import { itemSize } from '../../../local/dynamodb/item-size';

/** Sizes as AWS's DynamoDB Local bills them. */
const SIZES: readonly (readonly [number, AttributeValue])[] = [
  [0, { S: '' }],
  [5, { S: 'hello' }],
  [6, { S: '中文' }],
  [4, { S: '🙂' }],
  [1, { N: '0' }],
  [2, { N: '1' }],
  [2, { N: '12' }],
  [3, { N: '123' }],
  [3, { N: '1234' }],
  [2, { N: '100' }],
  [2, { N: '1000000' }],
  [3, { N: '-1' }],
  [4, { N: '-123' }],
  [2, { N: '0.5' }],
  [3, { N: '1.5' }],
  [2, { N: '0.0001' }],
  [6, { N: '1795508290' }],
  [8, { N: '1795508291734' }],
  [20, { N: '12345678901234567890123456789012345678' }],
  [4, { B: 'AAAAAA==' }],
  [1, { BOOL: false }],
  [1, { NULL: true }],
  [3, { SS: ['ab', 'c'] }],
  [4, { NS: ['1', '23'] }],
  [3, { BS: ['AAAA'] }],
  [3, { L: [] }],
  [9, { L: [{ S: 'ab' }, { N: '12' }] }],
  [3, { M: {} }],
  [9, { M: { aa: { S: 'xyz' } } }],
  [17, { M: { aa: { M: { bb: { L: [{ S: 'x' }] } } } } }],
];

test.each(SIZES)('%i bytes: %j', (bytes, value) => {
  expect(itemSize({ name: value })).toBe('name'.length + bytes);
});

test('names count in bytes too', () => {
  expect(itemSize({ pk: { S: 'a' }, 中文: { BOOL: true } })).toBe(3 + 7);
});
