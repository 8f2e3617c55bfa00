import { startDynamoDb } from '../../../local/dynamodb/dynamodb-server';
import { hasJava, startAwsDynamoDbLocal } from './aws-dynamodb-local';
import { describeStore, type Subject } from './describe-store';

const canCompare = hasJava();
const subjects: [string, () => Promise<Subject>][] = [['the local store', () => startDynamoDb()]];
if (canCompare) subjects.push(["AWS's DynamoDB Local", startAwsDynamoDbLocal]);

for (const [name, start] of subjects) describeStore(name, start);

const note = canCompare
  ? 'they agree'
  : "AWS's DynamoDB Local is left out, for there is no Java 17 here";
test(`${subjects.length} of 2 subjects take the same tests: ${note}`, () => {
  expect(subjects.length).toBeGreaterThan(0);
});
