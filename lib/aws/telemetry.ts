import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricName, Telemetry } from '../model/ports';

/** Telemetry whose counts are summed up and written as one metric line per set of dimensions. */
export interface BufferedTelemetry extends Telemetry {
  /** To be called at the end of every invocation. */
  flush(): void;
}

/** Structured logs and embedded metrics (CloudWatch EMF) on standard output; no call to AWS. */
export function createTelemetry(): BufferedTelemetry {
  const logger = new Logger();
  const metrics = new Metrics();
  let sums = new Map<
    string,
    { metric: MetricName; dimensions: Readonly<Record<string, string>>; sum: number }
  >();
  return {
    count(metric, value, dimensions = {}) {
      const key = JSON.stringify([metric, dimensions]);
      const entry = sums.get(key) ?? { metric, dimensions, sum: 0 };
      entry.sum += value;
      sums.set(key, entry);
    },
    log(level, message, fields = {}) {
      const { error, ...rest } = fields;
      logger[level](message, { ...rest, ...(error instanceof Error ? { error } : {}) });
    },
    flush() {
      for (const { metric, dimensions, sum } of sums.values()) {
        const single = metrics.singleMetric();
        for (const [name, value] of Object.entries(dimensions)) single.addDimension(name, value);
        single.addMetric(metric, MetricUnit.Count, sum);
      }
      sums = new Map();
    },
  };
}
