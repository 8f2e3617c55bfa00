import type { AttributeValue, Item } from './dynalite';

/**
 * Bytes of an item as DynamoDB bills and limits them: names and strings in UTF-8.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += Buffer.byteLength(name) + valueSize(value);
  }
  return bytes;
}

/** Overhead of a list or map, whatever it holds. */
const DOCUMENT_BYTES = 3;
/** Overhead of each of its elements. */
const ELEMENT_BYTES = 1;

function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('SS' in value) return sum(value.SS, (text) => Buffer.byteLength(text));
  if ('NS' in value) return sum(value.NS, numberSize);
  if ('BS' in value) return sum(value.BS, (base64) => Buffer.byteLength(base64, 'base64'));
  if ('L' in value) {
    return DOCUMENT_BYTES + sum(value.L, (element) => ELEMENT_BYTES + valueSize(element));
  }
  return DOCUMENT_BYTES + ELEMENT_BYTES * Object.keys(value.M).length + itemSize(value.M);
}

/** One byte, one per two digits between the first and the last that is not zero, one for a minus. */
function numberSize(text: string): number {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const digits = padStart(whole) + padEnd(fraction);
  const significant = digits.replace(/^(00)+/, '').replace(/(00)+$/, '');
  return 1 + significant.length / 2 + (text.startsWith('-') ? 1 : 0);
}

function padStart(digits: string): string {
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

function padEnd(digits: string): string {
  return digits.length % 2 === 0 ? digits : `${digits}0`;
}

function sum<Value>(values: readonly Value[], sizeOf: (value: Value) => number): number {
  return values.reduce((total, value) => total + sizeOf(value), 0);
}
