const {
  countJobs,
  deliveries,
  devices,
  flow,
  log,
  receive,
  send,
  sendJobs,
  sendJobsOf,
  settings,
  useKey,
} = require('./grants.cjs');
const { pascalCase } = require('./names.cjs');
const { LANES, queueId } = require('./senders.cjs');
const { vendorsInService } = require('./vendors-in-service.cjs');

/** Checking a caller's JWT, or checksum, with the app's sealed secrets. */
const callers = [settings(['GetItem'], 'secret/*'), useKey('Decrypt', { purpose: 'secret' })];

/** The same where a server may call: its nonces, which are good for one call. */
const servers = [...callers, settings(['PutItem'], 'nonce/*')];

const readApps = settings(['GetItem'], 'app/*');

/**
 * Changing accounts. Tokens change owner in the same transaction, which needs the actions of its parts.
 * @param {string[]} tokenActions `DeleteItem` frees a token, `PutItem` claims it
 */
const changeAccounts = (...tokenActions) => [
  devices(['GetItem', 'PutItem'], 'account/*'),
  devices(['BatchGetItem', ...tokenActions], 'token/*'),
];

/** The same where that is a sign of life: then what lies apart from the account is kept longer as well. */
const keepAccounts = [
  ...changeAccounts('PutItem', 'DeleteItem'),
  devices(['UpdateItem'], 'mutes/*'),
];

const readManyAccounts = devices(['BatchGetItem'], 'account/*', 'node/*', 'mutes/*');

const deciding = [
  readApps,
  readManyAccounts,
  deliveries(['PutItem'], 'submission/*'),
  deliveries(['PutItem'], 'message/*'),
  deliveries(['BatchGetItem'], 'claims/*'),
  sendJobs(vendorsInService(), { alsoDead: false }),
];

/** One vendor's access tokens: they are shared by all who speak to it. */
const accessTokensOf = (vendor) => [
  settings(['GetItem', 'UpdateItem'], `access-token/${vendor}/*`),
  useKey('Decrypt', { purpose: 'access-token', vendor }),
  useKey('GenerateDataKey', { purpose: 'access-token', vendor }),
];

/** A sender opens its own vendor's credentials and counts its own quotas; of another vendor it can do nothing but hand over jobs. */
const sending = (vendor) => [
  readApps,
  settings(['GetItem'], `certificate/${vendor.id}/*`),
  useKey('Decrypt', { purpose: 'certificate', vendor: vendor.id }),
  ...(vendor.hasAccessTokens ? accessTokensOf(vendor.id) : []),
  ...changeAccounts('DeleteItem'),
  readManyAccounts,
  deliveries(['UpdateItem'], `claims/${vendor.id}/*`, 'job/*'),
  deliveries(['BatchGetItem'], 'ack/*'),
  devices(['UpdateItem'], 'unread/*'),
  flow(['GetItem', 'UpdateItem'], `flow/${vendor.id}/*`),
  flow(['UpdateItem'], `losses/${vendor.id}/*`),
  flow(['GetItem', 'UpdateItem'], `quota/${vendor.id}/*`),
  receive(...LANES.map((lane) => queueId(vendor, lane))),
  sendJobsOf(vendor, vendorsInService()),
];

/** What each function may do; its role, and the names in its environment, follow from this table. */
const grantsByFunction = {
  'register-device': [...servers, readApps, ...keepAccounts],
  'report-presence': [
    ...servers,
    readApps,
    ...keepAccounts,
    devices(['PutItem', 'UpdateItem'], 'node/*'),
  ],
  'read-account': [
    ...servers,
    readApps,
    devices(['GetItem'], 'account/*'),
    devices(['BatchGetItem'], 'node/*'),
  ],
  'manage-account': [
    ...servers,
    ...changeAccounts('DeleteItem'),
    devices(['DeleteItem'], 'account/*'),
    devices(['GetItem', 'PutItem', 'DeleteItem'], 'mutes/*'),
  ],
  'read-conversation': [
    ...servers,
    readApps,
    devices(['GetItem', 'PutItem'], 'account/*'),
    devices(['GetItem', 'BatchGetItem', 'UpdateItem'], 'unread/*'),
    sendJobs(vendorsInService(), { alsoDead: false }),
  ],
  'dispatch-message': [
    ...servers,
    ...deciding,
    // a call of several messages that conflicts takes back what it recorded
    deliveries(['DeleteItem'], 'submission/*'),
  ],
  'dispatch-message-events': [
    ...deciding,
    // an app's webhook is asked with its secret, and knows by it who asks
    ...callers,
    receive('MessageEventsQueue'),
    send(
      { MESSAGE_EVENTS_DEAD_QUEUE_URL: { Ref: 'MessageEventsDeadQueue' } },
      'MessageEventsDeadQueue',
    ),
  ],
  'receive-nim': [...servers, ...keepAccounts, ...deciding, settings(['Query'], 'team/*')],
  'change-messages': [
    ...servers,
    readApps,
    readManyAccounts,
    deliveries(['GetItem', 'PutItem', 'UpdateItem'], 'submission/*'),
    deliveries(['Query', 'PutItem'], 'message/*'),
    deliveries(['UpdateItem'], 'claims/*', 'job/*'),
    devices(['GetItem', 'BatchGetItem', 'UpdateItem'], 'unread/*'),
    sendJobs(vendorsInService(), { alsoDead: false }),
  ],
  acknowledge: [...servers, deliveries(['UpdateItem'], 'ack/*')],
  'read-trace': [
    ...servers,
    deliveries(['GetItem'], 'submission/*'),
    deliveries(['Query'], 'message/*', 'job/*'),
  ],
  'manage-teams': [...servers, settings(['Query', 'PutItem', 'DeleteItem'], 'team/*')],
  'manage-certificates': [
    ...callers,
    settings(['GetItem', 'PutItem'], 'app/*'),
    settings(['PutItem', 'DeleteItem'], 'certificate/*', 'receipt/*'),
    useKey('GenerateDataKey', { purpose: 'certificate' }),
    useKey('GenerateDataKey', { purpose: 'receipt' }),
    // Apple refuses a second provider token, so who verifies a certificate uses the senders'
    ...accessTokensOf('apns'),
  ],
  'manage-app': [...callers, settings(['GetItem', 'PutItem'], 'app/*')],
  'read-flow': [
    ...callers,
    readApps,
    flow(['GetItem'], 'flow/*', 'quota/*'),
    countJobs(vendorsInService()),
  ],
  'receive-receipt': [
    settings(['GetItem'], 'receipt/*'),
    useKey('Decrypt', { purpose: 'receipt' }),
    flow(['UpdateItem'], 'losses/*'),
    deliveries(['PutItem'], 'job/*'),
    ...changeAccounts('DeleteItem'),
  ],
  'describe-service': [],
  ...Object.fromEntries(vendorsInService().map((vendor) => [`send-${vendor.id}`, sending(vendor)])),
};

const roleId = (name) => `${pascalCase(name)}Role`;

/** The framework's own name for a function's log group: `send-fcm` → `SendDashfcmLogGroup`. */
const logGroupId = (name) =>
  `${name[0].toUpperCase()}${name.slice(1).replaceAll('-', 'Dash')}LogGroup`;

function wiringOf(name, grants) {
  const environment = Object.assign({}, ...grants.map((grant) => grant.environment));
  return {
    handler: `dist/functions/${name}.handler`,
    package: { patterns: [`dist/functions/${name}.mjs`, `dist/functions/${name}.mjs.map`] },
    role: roleId(name),
    environment,
  };
}

function roleOf(name, grants) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' }, // the same name in every partition
            Action: 'sts:AssumeRole',
          },
        ],
      },
      Policies: [
        {
          PolicyName: name,
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [log(logGroupId(name)), ...grants].flatMap((grant) => grant.statement ?? []),
          },
        },
      ],
    },
  };
}

const entries = Object.entries(grantsByFunction);

module.exports = {
  /** osls functions: bundle, role and environment, merged into what api.yml and senders.cjs say. */
  functions: Object.fromEntries(entries.map(([name, grants]) => [name, wiringOf(name, grants)])),
  /** CloudFormation resources: one role per function. */
  resources: {
    Resources: Object.fromEntries(
      entries.map(([name, grants]) => [roleId(name), roleOf(name, grants)]),
    ),
  },
};
