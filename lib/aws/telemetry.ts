import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Gauges, MetricName, Telemetry } from '../model/ports';

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** What metrics are measured in that are no counts. */
const UNITS: Readonly<Partial<Record<MetricName, Unit>>> = {
  FlowLimit: MetricUnit.CountPerSecond,
  FlowLearnedLimit: MetricUnit.CountPerSecond,
  QuotaLeft: MetricUnit.Percent,
};

interface Entry {
  readonly metric: MetricName;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Telemetry whose counts are summed up and written as one metric line per set of dimensions. */
export interface BufferedTelemetry extends Telemetry, Gauges {
  /** To be called at the end of every invocation. */
  flush(): void;
}

/** Structured logs and embedded metrics (CloudWatch EMF) on standard output; no call to AWS. */
export function createTelemetry(): BufferedTelemetry {
  const logger = new Logger();
  const metrics = new Metrics();
  const entries = new Map<string, Entry>();
  return {
    count(metric, value, dimensions = {}) {
      const key = keyOf(metric, dimensions);
      const before = entries.get(key)?.value ?? 0;
      entries.set(key, { metric, dimensions, value: before + value });
    },
    gauge(metric, value, dimensions = {}) {
      entries.set(keyOf(metric, dimensions), { metric, dimensions, value });
    },
    log(level, message, fields = {}) {
      const { error, ...rest } = fields;
      logger[level](message, { ...rest, ...(error instanceof Error ? { error } : {}) });
    },
    flush() {
      for (const { metric, dimensions, value } of entries.values()) {
        const single = metrics.singleMetric();
        for (const [name, value] of Object.entries(dimensions)) single.addDimension(name, value);
        single.addMetric(metric, UNITS[metric] ?? MetricUnit.Count, value);
      }
      entries.clear();
    },
  };
}

function keyOf(metric: MetricName, dimensions: Entry['dimensions']): string {
  return JSON.stringify([metric, dimensions]);
}
