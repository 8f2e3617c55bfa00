import { readTemplate } from '../../../local/cloudformation/template';

const place = {
  region: 'us-east-1',
  accountId: '000000000000',
  stackName: 'local',
  queueUrl: (name: string) => `http://127.0.0.1:9324/000000000000/${name}`,
  apiUrl: 'http://127.0.0.1:3000',
  kmsKeyId: 'key-1',
};

/** A function whose role has this statement, or with none no role of the template's. */
function templateWith(statement?: object) {
  const Policies = [{ PolicyDocument: { Statement: [statement] } }];
  return {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { TableName: 'devices', AttributeDefinitions: [], KeySchema: [] },
      },
      ...(statement && { Role: { Type: 'AWS::IAM::Role', Properties: { Policies } } }),
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Handler: 'dist/a.handler',
          ...(statement && { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
        },
      },
    },
  };
}

const allow = {
  Effect: 'Allow',
  Action: ['dynamodb:GetItem'],
  Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
};
const keys = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['account/*'] } };

test('what a function may do is read with its references resolved', () => {
  const { functions } = readTemplate(templateWith({ ...allow, Condition: keys }), place);

  expect(functions[0]?.role).toEqual([
    {
      actions: ['dynamodb:GetItem'],
      resources: ['arn:aws:dynamodb:us-east-1:000000000000:table/devices'],
      allLike: { 'dynamodb:LeadingKeys': ['account/*'] },
      equal: {},
    },
  ]);
});

test('a function of which the template does not say is not limited', () => {
  const { functions } = readTemplate(templateWith(), place);

  expect(functions).toMatchObject([{ role: undefined }]);
});

test.each([
  ['a denial', { ...allow, Effect: 'Deny' }, 'Effect: only Allow is understood'],
  [
    'a wildcard',
    { ...allow, Action: ['dynamodb:*'] },
    'Action.0: wildcards in actions are not understood',
  ],
  ['another condition', { ...allow, Condition: { Bool: {} } }, 'Condition.Bool'],
])('what is not understood is an error: %s', (_what, statement, message) => {
  expect(() => readTemplate(templateWith(statement), place)).toThrow(
    `Role.Policies.0.PolicyDocument.Statement.0.${message}`,
  );
});
