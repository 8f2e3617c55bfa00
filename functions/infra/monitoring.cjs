const { dashboard } = require('./dashboard.cjs');
const { deployment, pascalCase } = require('./names.cjs');
const { functions } = require('./permissions.cjs');
const { LANES, queueId } = require('./senders.cjs');
const { vendorsInService } = require('./vendors-in-service.cjs');

/** Seconds the oldest message may wait. A job that waits for flow control is sent anew, so its age starts again. */
const MAX_AGE_SECONDS = { direct: 120, bulk: 900, messageEvents: 120 };

/** [logical id, alarm]; missing data is silence, and silence is good. */
function alarm(name, description, metric) {
  return [
    `${pascalCase(name)}Alarm`,
    {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${deployment}-${name}`,
        AlarmDescription: `${description}. What to do: docs/operations.md`,
        // where several metrics are compared each has its own
        ...(metric.Metrics === undefined && { Period: 60 }),
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
        ...metric,
      },
    },
  ];
}

const dimensions = (values) => Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

function deadLetters(name, id) {
  return alarm(
    `${name}-dead-letters`,
    `A dead letter of ${name} waits for somebody to look at it`,
    {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Dimensions: dimensions({ QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } }),
    },
  );
}

function age(name, id, maxSeconds) {
  return alarm(`${name}-age`, `The oldest message of ${name} waits too long`, {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Statistic: 'Maximum',
    Dimensions: dimensions({ QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } }),
    Threshold: maxSeconds,
    EvaluationPeriods: 3,
  });
}

const queueAlarms = vendorsInService().flatMap((vendor) =>
  LANES.flatMap((lane) => [
    deadLetters(`${vendor.id}-${lane}`, queueId(vendor, lane, 'dead')),
    age(`${vendor.id}-${lane}`, queueId(vendor, lane), MAX_AGE_SECONDS[lane]),
  ]),
);

const functionAlarms = Object.keys(functions).flatMap((name) =>
  ['Errors', 'Throttles'].map((MetricName) =>
    alarm(`${name}-${MetricName.toLowerCase()}`, `${MetricName} of ${name}`, {
      Namespace: 'AWS/Lambda',
      MetricName,
      Statistic: 'Sum',
      Dimensions: dimensions({ FunctionName: `${deployment}-${name}` }),
    }),
  ),
);

/** [alarm, metric, what it tells of a vendor, seconds looked at] */
const VENDOR_ALARMS = [
  ['unmapped-codes', 'UnmappedVendorCodes', 'answered a code its error table does not know', 60],
  ['tokens-kept', 'TokensKept', 'calls nearly every token invalid, so none is forgotten', 60],
  [
    'certificate-rests',
    'CertificateRests',
    'would refuse every message of a certificate',
    // longer than the 5 minutes between two tries, so that the alarm stays until one succeeds
    600,
  ],
];

const vendorAlarms = vendorsInService().flatMap(({ id }) =>
  VENDOR_ALARMS.map(([name, MetricName, description, Period]) =>
    alarm(`${id}-${name}`, `${id} ${description}`, {
      Namespace: 'OfflinePush',
      MetricName,
      Statistic: 'Sum',
      Dimensions: dimensions({ service: deployment, vendor: id }),
      Period,
    }),
  ),
);

/** Of a limit: vendors refuse a little of it now and then, and what is learned climbs back within minutes. */
const LEAST_PERCENT_LEARNED = 90;

/** Reported in pairs, so sums compare the limits of all certificates however many containers report them. */
const learnedLimitAlarms = vendorsInService().map(({ id }) => {
  const summed = (Id, MetricName) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'OfflinePush',
        MetricName,
        Dimensions: dimensions({ service: deployment, vendor: id }),
      },
      Period: 300,
      Stat: 'Sum',
    },
    ReturnData: false,
  });
  return alarm(`${id}-learned-limit`, `${id} takes less than its limit for half an hour`, {
    Metrics: [
      summed('learned', 'FlowLearnedLimit'),
      summed('limit', 'FlowLimit'),
      {
        Id: 'percent',
        Expression: '100 * learned / limit',
        Label: 'learned, % of the limit',
        ReturnData: true,
      },
    ],
    Threshold: LEAST_PERCENT_LEARNED,
    ComparisonOperator: 'LessThanThreshold',
    EvaluationPeriods: 6,
  });
});

const apiErrors = alarm('api-server-errors', 'The API answered with a server error', {
  Namespace: 'AWS/ApiGateway',
  MetricName: '5xx',
  Statistic: 'Sum',
  Dimensions: dimensions({ ApiId: { Ref: 'HttpApi' } }),
});

const alarms = [
  ...queueAlarms,
  deadLetters('message-events', 'MessageEventsDeadQueue'),
  age('message-events', 'MessageEventsQueue', MAX_AGE_SECONDS.messageEvents),
  ...functionAlarms,
  ...vendorAlarms,
  ...learnedLimitAlarms,
  apiErrors,
];

/**
 * CloudFormation resources. With `--param alarmTopicArn=<SNS topic>` alarms are sent there.
 * Not a parameter of the template: the packager hands those to the first, empty stack as well, which refuses them.
 */
module.exports = async ({ resolveVariable }) => {
  const topicArn = await resolveVariable("param:alarmTopicArn, ''");
  const actions = topicArn === '' ? {} : { AlarmActions: [topicArn] };
  const resources = alarms.map(([id, { Type, Properties }]) => [
    id,
    { Type, Properties: { ...Properties, ...actions } },
  ]);
  return {
    Resources: { ...Object.fromEntries(resources), Dashboard: dashboard(vendorsInService()) },
  };
};
