const { pascalCase } = require('./names.cjs');
const { LANES, queueId } = require('./senders.cjs');

/**
 * One thing a function may do, as an IAM statement with the environment that names what it may touch.
 * @typedef {{ statement?: object, environment?: object }} Grant
 */

const table = (name) => {
  const logicalId = `${pascalCase(name)}Table`;
  /**
   * @param {string[]} actions DynamoDB actions; a transaction needs those of its parts
   * @param {string[]} prefixes patterns of the partition key
   * @returns {Grant}
   */
  return (actions, ...prefixes) => ({
    statement: {
      Effect: 'Allow',
      Action: actions.map((action) => `dynamodb:${action}`),
      Resource: { 'Fn::GetAtt': [logicalId, 'Arn'] },
      // item actions always carry their keys; a Scan would not, and would pass this unchecked
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes } },
    },
    environment: { [`${name.toUpperCase()}_TABLE`]: { Ref: logicalId } },
  });
};

/** @returns {Grant} one use of the sealing key, for data sealed under exactly this context */
function useKey(action, context) {
  const conditions = Object.entries(context).map(([name, value]) => [
    `kms:EncryptionContext:${name}`,
    value,
  ]);
  return {
    statement: {
      Effect: 'Allow',
      Action: [`kms:${action}`],
      Resource: { 'Fn::GetAtt': ['SealingKey', 'Arn'] },
      Condition: { StringEquals: Object.fromEntries(conditions) },
    },
    environment: { KMS_KEY_ID: { Ref: 'SealingKey' } },
  };
}

/** @returns {Grant} what Lambda needs, acting as the function, to feed it from queues */
function receive(...queueIds) {
  const actions = [
    'ReceiveMessage',
    'DeleteMessage',
    'ChangeMessageVisibility',
    'GetQueueAttributes',
  ];
  return { statement: onQueues(actions, queueIds) };
}

/** @returns {Grant} */
function send(environment, ...queueIds) {
  return { statement: onQueues(['SendMessage'], queueIds), environment };
}

function onQueues(actions, queueIds) {
  return {
    Effect: 'Allow',
    Action: actions.map((action) => `sqs:${action}`),
    Resource: queueIds.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })),
  };
}

/**
 * Putting jobs into these vendors' queues; with `alsoDead`, into their dead-letter queues as well.
 * Only senders bury jobs, and the URLs of all queues of all vendors would not fit Lambda's 4 KB of environment.
 * @returns {Grant}
 */
function sendJobs(vendors, { alsoDead }) {
  const kinds = LANES.flatMap((lane) => (alsoDead ? [[lane], [lane, 'dead']] : [[lane]]));
  const queueIds = vendors.flatMap((vendor) => kinds.map((kind) => queueId(vendor, ...kind)));
  return send(urlsOf(vendors, kinds), ...queueIds);
}

/**
 * The same for a sender: into all queues of its own vendor, and into those of the others for phones that it has no quota left for.
 * @returns {Grant}
 */
function sendJobsOf(vendor, vendors) {
  const own = sendJobs([vendor], { alsoDead: true });
  const all = sendJobs(vendors, { alsoDead: false });
  const urls = [all, own].map(({ environment }) => JSON.parse(environment.QUEUE_URLS['Fn::Sub']));
  const queueIds = [own, all].flatMap(({ statement }) =>
    statement.Resource.map((one) => one['Fn::GetAtt'][0]),
  );
  const QUEUE_URLS = { 'Fn::Sub': JSON.stringify(Object.assign({}, ...urls)) };
  return send({ QUEUE_URLS }, ...new Set(queueIds));
}

/** The URLs of these kinds of queues, as `QUEUE_URLS` of the environment. */
function urlsOf(vendors, kinds) {
  const urls = vendors.map((vendor) => [
    vendor.id,
    Object.fromEntries(
      kinds.map(([lane, dead]) => [
        dead ? `${lane}Dead` : lane,
        `\${${queueId(vendor, lane, dead)}}`,
      ]),
    ),
  ]);
  return { QUEUE_URLS: { 'Fn::Sub': JSON.stringify(Object.fromEntries(urls)) } };
}

/** @returns {Grant} counting what is in these vendors' queues */
function countJobs(vendors) {
  const kinds = LANES.map((lane) => [lane]);
  const queueIds = vendors.flatMap((vendor) => kinds.map(([lane]) => queueId(vendor, lane)));
  return {
    statement: onQueues(['GetQueueAttributes'], queueIds),
    environment: urlsOf(vendors, kinds),
  };
}

/** @returns {Grant} writing to the log group of this function alone */
function log(logGroupId) {
  return {
    statement: {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': [logGroupId, 'Arn'] },
    },
  };
}

module.exports = {
  devices: table('devices'),
  settings: table('settings'),
  deliveries: table('deliveries'),
  flow: table('flow'),
  useKey,
  receive,
  send,
  sendJobs,
  sendJobsOf,
  countJobs,
  log,
};
