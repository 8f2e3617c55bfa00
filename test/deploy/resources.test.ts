import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { vendors } from '../../lib/vendors/registry';
import { PACKAGED_TEMPLATE, readTemplate, resourcesOf, stringsIn } from './template';

const template = readTemplate(PACKAGED_TEMPLATE);

test.each(resourcesOf(template, 'AWS::DynamoDB::Table'))(
  '%s is encrypted, can be restored, expires its items and survives its stack',
  (_id, table) => {
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        DeletionProtectionEnabled: true,
      },
    });
  },
);

test('the key that seals credentials is rotated and survives its stack', () => {
  const keys = resourcesOf(template, 'AWS::KMS::Key').map(([, key]) => key);

  expect(keys).toEqual([
    expect.objectContaining({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: expect.objectContaining({ EnableKeyRotation: true }),
    }),
  ]);
});

test('every log group forgets after 30 days', () => {
  for (const [, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) {
    expect(Properties['RetentionInDays']).toBe(30);
  }
});

test('every function has alarms on errors and throttles', () => {
  const names = resourcesOf(template, 'AWS::Lambda::Function').map(
    ([, { Properties }]) => Properties['FunctionName'],
  );
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, one]) => one.Properties);

  for (const MetricName of ['Errors', 'Throttles']) {
    const watched = alarms.filter((one) => one['MetricName'] === MetricName);
    expect(watched.map((one) => one['Dimensions'])).toEqual(
      names.map((Value) => [{ Name: 'FunctionName', Value }]),
    );
  }
});

test('the dashboard and the alarms show metrics that the code counts', () => {
  const ports = readFileSync('lib/model/ports.ts', 'utf8');
  const [, union = ''] = /type MetricName =([^;]+);/.exec(ports) ?? [];
  const counted = Array.from(union.matchAll(/'(\w+)'/g), ([, name]) => name);

  const [[, dashboard] = []] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  const body = stringsIn(dashboard?.Properties)
    .map(({ text }) => text)
    .join('');
  const shown = body.matchAll(/"OfflinePush","(\w+)"|MetricName=\\"(\w+)\\"/g);
  const alarmed = resourcesOf(template, 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties)
    .flatMap(metricsOf)
    .filter((metric) => metric['Namespace'] === 'OfflinePush')
    .map((metric) => metric['MetricName']);
  const used = new Set([...Array.from(shown, ([, named, sought]) => named ?? sought), ...alarmed]);

  expect(used.size).toBeGreaterThan(6);
  expect([...used].filter((name) => !counted.includes(String(name)))).toEqual([]);
});

test('an alarm that compares metrics compares sums of the same time, and is about what comes out', () => {
  const comparing = resourcesOf(template, 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties)
    .filter(({ Metrics }) => Metrics !== undefined);

  expect(comparing).toHaveLength(Object.keys(vendors).length);
  for (const alarm of comparing) {
    const stat = { Period: 300, Stat: 'Sum', Metric: { Namespace: 'OfflinePush' } };
    expect(alarm).toMatchObject({
      Metrics: [
        { Id: 'learned', MetricStat: stat, ReturnData: false },
        { Id: 'limit', MetricStat: stat, ReturnData: false },
        { Expression: '100 * learned / limit', ReturnData: true },
      ],
    });
    // CloudWatch refuses them beside `Metrics`
    for (const name of ['Namespace', 'MetricName', 'Dimensions', 'Period', 'Statistic']) {
      expect(alarm).not.toHaveProperty(name);
    }
  }
});

const queries = v.array(
  v.object({
    MetricStat: v.optional(v.object({ Metric: v.record(v.string(), v.unknown()) })),
  }),
);

type MetricOf = Readonly<Record<string, unknown>>;

/** What an alarm looks at: one metric, or several that it compares. */
function metricsOf(alarm: MetricOf): readonly MetricOf[] {
  if (alarm['Metrics'] === undefined) return [alarm];
  return v
    .parse(queries, alarm['Metrics'])
    .flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
}
