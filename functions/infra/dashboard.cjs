const { deployment, region } = require('./names.cjs');
const { LANES, queueId } = require('./senders.cjs');

const PERIOD_SECONDS = 60;
const WIDTH = 24;
const HEIGHT = 6;

/**
 * CloudWatch dashboard: what was decided, by reason; then one row per vendor.
 * @param {{ id: string, logicalId: string, limits: object }[]} vendors
 */
function dashboard(vendors) {
  const ours = (metric, vendor) => [
    'OfflinePush',
    metric,
    'service',
    deployment,
    'vendor',
    vendor.id,
  ];
  const queue = (metric, id) => ['AWS/SQS', metric, 'QueueName', `\${${id}.QueueName}`];
  /** One line per value of the last dimension, whichever values turn up. */
  const search = (schema, metric, filter) => [
    {
      expression: `SEARCH('{OfflinePush,${schema}} MetricName="${metric}" service="${deployment}"${filter}', 'Sum', ${PERIOD_SECONDS})`,
    },
  ];

  const rows = [
    [
      graph('Decisions by reason', 'Sum', [search('service,reason', 'PushesDecided', '')]),
      graph('Messages accepted', 'Sum', [
        ['OfflinePush', 'MessagesAccepted', 'service', deployment],
      ]),
      graph('Message events: age of the oldest (s), dead letters', 'Maximum', [
        queue('ApproximateAgeOfOldestMessage', 'MessageEventsQueue'),
        queue('ApproximateNumberOfMessagesVisible', 'MessageEventsDeadQueue'),
      ]),
    ],
    ...vendors.map((vendor) => [
      graph(
        `${vendor.id}: jobs`,
        'Sum',
        [ours('JobsQueued', vendor), ours('VendorRequests', vendor), ours('JobsPutBack', vendor)],
        limitOf(vendor),
      ),
      graph(`${vendor.id}: outcomes by kind`, 'Sum', [
        search('service,vendor,kind', 'SendOutcomes', ` vendor="${vendor.id}"`),
      ]),
      graph(`${vendor.id}: limit, learned limit, use (units/s)`, 'Maximum', [
        ours('FlowLimit', vendor),
        ours('FlowLearnedLimit', vendor),
        [...ours('FlowUnitsUsed', vendor), { id: 'used', stat: 'Sum', visible: false }],
        [{ expression: 'used / PERIOD(used)', label: 'use' }],
      ]),
      ...(vendor.limits.quotas === undefined
        ? []
        : [
            graph(`${vendor.id}: left of daily totals (%)`, 'Minimum', [ours('QuotaLeft', vendor)]),
          ]),
      graph(
        `${vendor.id}: age of the oldest (s)`,
        'Maximum',
        LANES.map((lane) => queue('ApproximateAgeOfOldestMessage', queueId(vendor, lane))),
      ),
      graph(
        `${vendor.id}: dead letters`,
        'Maximum',
        LANES.map((lane) =>
          queue('ApproximateNumberOfMessagesVisible', queueId(vendor, lane, 'dead')),
        ),
      ),
      graph(`${vendor.id}: waits, unknown codes, lost tokens, rests`, 'Sum', [
        ours('FlowWaits', vendor),
        ours('UnmappedVendorCodes', vendor),
        ours('TokensForgotten', vendor),
        ours('TokensKept', vendor),
        ours('CertificateRests', vendor),
      ]),
    ]),
  ];

  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      DashboardName: deployment,
      DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: rows.flatMap(place) }) },
    },
  };
}

function graph(title, stat, metrics, annotations) {
  return {
    type: 'metric',
    properties: {
      title,
      stat,
      metrics,
      period: PERIOD_SECONDS,
      view: 'timeSeries',
      region,
      ...(annotations && { annotations }),
    },
  };
}

/** The vendor's published rate as a line, where the vendor counts requests as the graph does. */
function limitOf({ limits }) {
  if (limits.rateCounts !== 'requests') return undefined;
  return {
    horizontal: [{ label: 'published limit', value: limits.ratePerSecond * PERIOD_SECONDS }],
  };
}

/** Spreads one row's widgets over the dashboard's 24 columns. */
function place(widgets, row) {
  const width = Math.floor(WIDTH / widgets.length);
  return widgets.map((widget, column) => ({
    ...widget,
    x: column * width,
    y: row * HEIGHT,
    width,
    height: HEIGHT,
  }));
}

module.exports = { dashboard };
