import { problemsOf } from './resource-specification';
import { PACKAGED_TEMPLATE, readTemplate, type Template } from './template';

const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
const withResources = (Resources: Template['Resources']): Template => ({
  Parameters: {},
  Conditions: {},
  Resources,
  Outputs: {},
});

test('AWS would accept the template', () => {
  expect(problemsOf(readTemplate(PACKAGED_TEMPLATE))).toEqual([]);
});

test.each([
  ['an unknown resource type', { Q: { Type: 'AWS::SQS::Qeue', Properties: {} } }],
  ['an unknown property', { Q: { ...queue, Properties: { VisibilityTimeOut: 60 } } }],
  ['a value of the wrong type', { Q: { ...queue, Properties: { VisibilityTimeout: 'long' } } }],
  ['a missing property', { R: { Type: 'AWS::IAM::Role', Properties: {} } }],
  [
    'a nested unknown property',
    {
      F: {
        Type: 'AWS::Lambda::Function',
        Properties: { Code: {}, Role: 'r', LoggingConfig: { Format: 'JSON' } },
      },
    },
  ],
  ['an unknown dependency', { Q: { ...queue, DependsOn: ['Other'] } }],
  ['an unknown reference', { Q: { ...queue, Properties: { QueueName: { Ref: 'Other' } } } }],
  [
    'an attribute the resource does not have',
    { Q: queue, P: { ...queue, Properties: { QueueName: { 'Fn::GetAtt': ['Q', 'Size'] } } } },
  ],
  [
    'an unknown reference inside a text',
    { Q: { ...queue, Properties: { QueueName: { 'Fn::Sub': `x-\${Other.Arn}` } } } },
  ],
])('the check finds %s', (_what, resources) => {
  expect(problemsOf(withResources(resources))).toHaveLength(1);
});
