import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import type { OperationName } from './dynalite';
import { parseInput } from './parse-input';
import { type Engine, RequestStore } from './request-store';
import { readInput, run } from './run-operation';
import { validationError } from './service-error';

/** Operations that only describe, list or tag. */
export async function describe(engine: Engine, name: OperationName, body: object): Promise<object> {
  const store = new RequestStore(engine);
  await engine.database.settled();
  const output = await run(name, store, readInput(name, body));
  store.writes.commit();
  // tagging answers an empty text
  return typeof output === 'object' ? output : {};
}

/** CreateTable, UpdateTable, DeleteTable: done when answered. */
export async function changeTable(
  engine: Engine,
  name: 'CreateTable' | 'UpdateTable' | 'DeleteTable',
  body: object,
): Promise<object> {
  const output = await run(name, new RequestStore(engine), readInput(name, body));
  // dynalite finishes on a timer; ours is set later for the same time and therefore fires after it
  await pause(1);
  return output;
}

const TimeToLiveInput = v.object({
  TableName: v.string(),
  TimeToLiveSpecification: v.object({
    AttributeName: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
    Enabled: v.boolean(),
  }),
});

/** UpdateTimeToLive: effective at once, where AWS takes up to an hour. */
export async function updateTimeToLive(engine: Engine, body: object): Promise<object> {
  const { TableName, TimeToLiveSpecification } = parseInput(TimeToLiveInput, body);
  const { AttributeName: attribute, Enabled } = TimeToLiveSpecification;
  engine.tables.get(TableName);
  const { timeToLive, ...others } = engine.tables.settingsOf(TableName);
  if (timeToLive !== undefined && timeToLive.attribute !== attribute) {
    throw validationError('TimeToLive is active on a different AttributeName');
  }
  if (Enabled === (timeToLive !== undefined)) {
    throw validationError(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  }
  engine.tables.changeSettings(TableName, {
    ...others,
    ...(Enabled ? { timeToLive: { attribute } } : {}),
  });
  return { TimeToLiveSpecification };
}

const TableInput = v.object({ TableName: v.string() });

/** DescribeTimeToLive. */
export async function describeTimeToLive(engine: Engine, body: object): Promise<object> {
  const { TableName } = parseInput(TableInput, body);
  engine.tables.get(TableName);
  const { timeToLive } = engine.tables.settingsOf(TableName);
  if (timeToLive === undefined) {
    return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
  }
  return {
    TimeToLiveDescription: {
      TimeToLiveStatus: 'ENABLED',
      AttributeName: timeToLive.attribute,
    },
  };
}

/** AWS keeps so many days when the caller names none. */
const DEFAULT_RECOVERY_DAYS = 35;

const BackupsInput = v.object({
  TableName: v.string(),
  PointInTimeRecoverySpecification: v.object({
    PointInTimeRecoveryEnabled: v.boolean(),
    RecoveryPeriodInDays: v.optional(
      v.pipe(v.number(), v.minValue(1), v.maxValue(DEFAULT_RECOVERY_DAYS)),
      DEFAULT_RECOVERY_DAYS,
    ),
  }),
});

/** UpdateContinuousBackups: remembers the setting; nothing is backed up here. */
export async function updateContinuousBackups(engine: Engine, body: object): Promise<object> {
  const { TableName, PointInTimeRecoverySpecification } = parseInput(BackupsInput, body);
  engine.tables.get(TableName);
  const { pointInTimeRecovery, ...others } = engine.tables.settingsOf(TableName);
  const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = PointInTimeRecoverySpecification;
  const recovery = {
    sinceMs: pointInTimeRecovery?.sinceMs ?? Date.now(),
    periodDays: RecoveryPeriodInDays,
  };
  engine.tables.changeSettings(TableName, {
    ...others,
    ...(PointInTimeRecoveryEnabled ? { pointInTimeRecovery: recovery } : {}),
  });
  return backupsOf(engine, TableName);
}

/** DescribeContinuousBackups. */
export async function describeContinuousBackups(engine: Engine, body: object): Promise<object> {
  const { TableName } = parseInput(TableInput, body);
  engine.tables.get(TableName);
  return backupsOf(engine, TableName);
}

const DAY_MS = 86_400_000;

function backupsOf(engine: Engine, table: string): object {
  const { pointInTimeRecovery } = engine.tables.settingsOf(table);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription:
        pointInTimeRecovery === undefined
          ? { PointInTimeRecoveryStatus: 'DISABLED' }
          : recoveryDescription(pointInTimeRecovery, Date.now()),
    },
  };
}

function recoveryDescription(
  { sinceMs, periodDays }: { readonly sinceMs: number; readonly periodDays: number },
  nowMs: number,
): object {
  return {
    PointInTimeRecoveryStatus: 'ENABLED',
    RecoveryPeriodInDays: periodDays,
    EarliestRestorableDateTime: Math.max(sinceMs, nowMs - periodDays * DAY_MS) / 1000,
    LatestRestorableDateTime: nowMs / 1000,
  };
}
