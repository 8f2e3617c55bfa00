import { startDynamoDb } from '../../../local/dynamodb/dynamodb-server';
import { hasJava, startAwsDynamoDbLocal } from './aws-dynamodb-local';
import { describeStore, type Subject } from './describe-store';

const subjects: [string, () => Promise<Subject>][] = [['the local store', () => startDynamoDb()]];
if (hasJava()) subjects.push(["AWS's DynamoDB Local", startAwsDynamoDbLocal]);

for (const [name, start] of subjects) describeStore(name, start);

const note = hasJava() ? 'they agree' : "AWS's DynamoDB Local is left out, for there is no java";
test(`${subjects.length} of 2 subjects take the same tests: ${note}`, () => {
  expect(subjects.length).toBeGreaterThan(0);
});
