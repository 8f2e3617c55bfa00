import * as v from 'valibot';
import { type BufferedTelemetry, createTelemetry } from '../../lib/aws/telemetry';

beforeAll(() => {
  process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'OfflinePush';
});

/** A line in CloudWatch's embedded metric format. */
const metricLine = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({
    _aws: v.object({
      CloudWatchMetrics: v.tuple([
        v.object({
          Metrics: v.tuple([v.object({ Name: v.string(), Unit: v.string() })]),
          Dimensions: v.tuple([v.array(v.string())]),
        }),
      ]),
    }),
  }),
);

/** What an invocation writes: name, value and unit of each metric, and its dimensions. */
function flushed(telemetry: BufferedTelemetry) {
  const texts: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = (text: string | Uint8Array) => texts.push(String(text)) > 0;
  try {
    telemetry.flush();
  } finally {
    process.stdout.write = write;
  }
  return texts.map((text) => {
    const { _aws, ...members } = v.parse(metricLine, text);
    const [{ Metrics, Dimensions }] = _aws.CloudWatchMetrics;
    const [{ Name, Unit }] = Metrics;
    const dimensions = Dimensions[0].filter((name) => name !== 'service');
    return [Name, members[Name], Unit, ...dimensions.map((name) => `${name} ${members[name]}`)];
  });
}

test('counts are added up by dimensions, and written once', () => {
  const telemetry = createTelemetry();
  telemetry.count('Receipts', 2, { vendor: 'oppo', kind: 'clicked' });
  telemetry.count('Receipts', 3, { vendor: 'oppo', kind: 'clicked' });
  telemetry.count('Receipts', 1, { vendor: 'vivo', kind: 'clicked' });
  telemetry.count('MessagesAccepted', 4);

  expect(flushed(telemetry)).toEqual([
    ['Receipts', 5, 'Count', 'vendor oppo', 'kind clicked'],
    ['Receipts', 1, 'Count', 'vendor vivo', 'kind clicked'],
    ['MessagesAccepted', 4, 'Count'],
  ]);
  expect(flushed(telemetry)).toEqual([]);
});

test('of a gauge the last value is written, in its own unit', () => {
  const telemetry = createTelemetry();
  telemetry.gauge('FlowLimit', 500, { vendor: 'oppo' });
  telemetry.gauge('FlowLimit', 450, { vendor: 'oppo' });
  telemetry.gauge('FlowLearnedLimit', 0, { vendor: 'oppo' });
  telemetry.gauge('QuotaLeft', 12.5, { vendor: 'oppo' });

  expect(flushed(telemetry)).toEqual([
    ['FlowLimit', 450, 'Count/Second', 'vendor oppo'],
    ['FlowLearnedLimit', 0, 'Count/Second', 'vendor oppo'],
    ['QuotaLeft', 12.5, 'Percent', 'vendor oppo'],
  ]);
});
