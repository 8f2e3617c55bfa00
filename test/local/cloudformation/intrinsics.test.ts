// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation substitutes these

import {
  NO_VALUE,
  type References,
  resolveIntrinsics,
  TemplateError,
} from '../../../local/cloudformation/intrinsics';

const references: References = {
  ref: (id) => (id === 'AWS::NoValue' ? NO_VALUE : `ref-${id}`),
  attribute: (id, name) => `${name}-of-${id}`,
  condition: (name) => name === 'Yes',
  mapping: (...path) => path.join('/'),
};

test.each([
  [{ Ref: 'A' }, 'ref-A'],
  [{ 'Fn::GetAtt': ['A', 'Arn'] }, 'Arn-of-A'],
  [{ 'Fn::GetAtt': 'A.Nested.Arn' }, 'Nested.Arn-of-A'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'B' }, 3]] }, 'a-ref-B-3'],
  [{ 'Fn::Sub': 'x ${A} ${B.Arn} ${!C}' }, 'x ref-A Arn-of-B ${C}'],
  [{ 'Fn::Sub': ['${v}/${A}', { v: { Ref: 'B' } }] }, 'ref-B/ref-A'],
  [{ 'Fn::Sub': '{"xiaomi":{"direct":"${Q}"}}' }, '{"xiaomi":{"direct":"ref-Q"}}'],
  [{ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  [{ 'Fn::If': ['Yes', 1, 2] }, 1],
  [{ 'Fn::If': ['No', 1, { Ref: 'A' }] }, 'ref-A'],
  [{ 'Fn::FindInMap': ['M', { Ref: 'A' }, 'k'] }, 'M/ref-A/k'],
  [{ 'Fn::Not': [{ 'Fn::Equals': ['a', { Ref: 'a' }] }] }, true],
  [{ 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Or': [{ Condition: 'No' }] }] }, false],
])('%j', (expression, value) => {
  expect(resolveIntrinsics(expression, references)).toEqual(value);
});

test('what has no value is left out of objects and lists', () => {
  const noValue = { Ref: 'AWS::NoValue' };

  expect(resolveIntrinsics({ a: noValue, b: [1, noValue], c: null }, references)).toEqual({
    b: [1],
    c: null,
  });
});

test.each([
  { 'Fn::Transform': 'x' },
  { 'Fn::Join': ['-'] },
  { 'Fn::GetAtt': 'A' },
  { 'Fn::Select': [5, ['a']] },
  { 'Fn::Join': ['', [{ Ref: 'AWS::NoValue' }, {}]] },
])('%j is an error', (expression) => {
  expect(() => resolveIntrinsics(expression, references)).toThrow(TemplateError);
});
