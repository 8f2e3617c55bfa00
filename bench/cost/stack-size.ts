import * as v from 'valibot';
import { dollars } from './prices';

const template = v.looseObject({
  Resources: v.record(v.string(), v.looseObject({ Type: v.string() })),
});

/** What of a deployed stack is paid for by the month. */
export interface StackSize {
  readonly kmsKeys: number;
  readonly alarms: number;
  readonly dashboards: number;
  readonly eventSources: number;
}

/** Counts them in a packaged CloudFormation template; throws when it is none. */
export function sizeOf(packaged: unknown): StackSize {
  const types = Object.values(v.parse(template, packaged).Resources).map(({ Type }) => Type);
  const count = (type: string) => types.filter((one) => one === type).length;
  return {
    kmsKeys: count('AWS::KMS::Key'),
    alarms: count('AWS::CloudWatch::Alarm'),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    eventSources: count('AWS::Lambda::EventSourceMapping'),
  };
}

/** Metrics of a vendor in use that have data in every hour: `docs/operations.md`. */
const METRICS_OF_VENDOR = 8;
/** Metrics of the service, most of them reasons of decisions. */
const METRICS_OF_SERVICE = 10;
/** 4xx, 5xx, count, two latencies, bytes: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
const METRICS_OF_ROUTE = 6;
/** Routes that are called in every hour: devices, presence, messages, receipts. */
const ROUTES_IN_USE = 6;
/** Five pollers, each asking for 20 s, all month: what an idle queue is asked. */
const POLLS_OF_QUEUE = 5 * 3 * 60 * 24 * 30;

/** One line of what is paid each month, whatever the traffic. */
export interface FixedCost {
  readonly what: string;
  readonly count: number;
  readonly dollars: number;
}

/** What the stack costs in a month without traffic but for a little in every hour, at so many vendors. */
export function fixedCosts(size: StackSize, vendors: number): FixedCost[] {
  const metrics = METRICS_OF_SERVICE + METRICS_OF_VENDOR * vendors;
  const routeMetrics = METRICS_OF_ROUTE * ROUTES_IN_USE;
  const polls = size.eventSources * POLLS_OF_QUEUE;
  return [
    { what: 'KMS key', count: size.kmsKeys, dollars: dollars('kmsKeys', size.kmsKeys) },
    { what: 'alarms', count: size.alarms, dollars: dollars('alarms', size.alarms) },
    { what: 'dashboard', count: size.dashboards, dollars: dollars('dashboards', size.dashboards) },
    { what: 'metrics of the service', count: metrics, dollars: dollars('customMetrics', metrics) },
    {
      what: 'metrics of API routes',
      count: routeMetrics,
      dollars: dollars('customMetrics', routeMetrics),
    },
    { what: 'polls of idle queues', count: polls, dollars: dollars('sqsRequests', polls) },
  ];
}
