import * as z from 'zod/mini';
import { checkShape, listShape, objectShape, optionalTextShape, textShape } from './message-shape.ts';
import type { Found, NotRead } from './unreadable.ts';

/** The metric of an alarm, with the dimensions that AWS gives to charges. */
interface AlarmMetric {
  readonly namespace: string | null;
  readonly name: string | null;
  readonly currency: string | null;
  readonly linkedAccount: string | null;
  readonly serviceName: string | null;
}

/** What a CloudWatch alarm says, whichever way it arrived. */
export interface AlarmMessage {
  readonly alarmName: string;
  /** The account of the alarm itself, as written. */
  readonly accountId: string;
  readonly alarmArn: string | null;
  /** A code (EventBridge) or a long name (SNS: `US East (N. Virginia)`). */
  readonly region: string | null;
  readonly state: string;
  readonly reason: string;
  readonly changedAt: string;
  /** Null where the alarm has no metric, or several: a composite alarm, a formula, an anomaly band. */
  readonly metric: AlarmMetric | null;
}

const snsMetricKeys = {
  Namespace: optionalTextShape,
  MetricName: optionalTextShape,
  Dimensions: z.nullish(listShape(objectShape({ name: textShape, value: textShape }))),
};

const snsAlarmShape = objectShape({
  AlarmName: textShape,
  AWSAccountId: textShape,
  AlarmArn: optionalTextShape,
  Region: optionalTextShape,
  NewStateValue: textShape,
  NewStateReason: textShape,
  StateChangeTime: textShape,
  Trigger: z.nullish(
    objectShape({
      ...snsMetricKeys,
      Metrics: z.nullish(listShape(objectShape({ MetricStat: z.nullish(objectShape({ Metric: objectShape(snsMetricKeys) })) }))),
    }),
  ),
});

/** Reads the message that CloudWatch publishes to SNS (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html). */
export function readSnsAlarm(message: unknown): Found<AlarmMessage> | NotRead {
  const checked = checkShape(snsAlarmShape, message, 'The alarm');
  if (checked.kind === 'unreadable') return checked;
  const alarm = checked.value;
  const several = alarm.Trigger?.Metrics?.map((metric) => metric.MetricStat?.Metric);
  const metric = several === undefined ? alarm.Trigger : onlyOne(several);
  const dimensions = new Map((metric?.Dimensions ?? []).map(({ name, value }) => [name, value]));
  return {
    kind: 'found',
    value: {
      alarmName: alarm.AlarmName,
      accountId: alarm.AWSAccountId,
      alarmArn: alarm.AlarmArn,
      region: alarm.Region,
      state: alarm.NewStateValue,
      reason: alarm.NewStateReason,
      changedAt: alarm.StateChangeTime,
      metric: metric
        ? {
            namespace: metric.Namespace,
            name: metric.MetricName,
            currency: dimensions.get('Currency') ?? null,
            linkedAccount: dimensions.get('LinkedAccount') ?? null,
            serviceName: dimensions.get('ServiceName') ?? null,
          }
        : null,
    },
  };
}

const eventMetricShape = objectShape({
  namespace: optionalTextShape,
  name: optionalTextShape,
  dimensions: z.nullish(objectShape({ Currency: optionalTextShape, LinkedAccount: optionalTextShape, ServiceName: optionalTextShape })),
});

const eventAlarmShape = objectShape({
  account: textShape,
  region: optionalTextShape,
  resources: z.nullish(listShape(textShape)),
  detail: objectShape({
    alarmName: textShape,
    state: objectShape({ value: textShape, reason: textShape, timestamp: textShape }),
    configuration: z.nullish(objectShape({ metrics: z.nullish(listShape(objectShape({ metricStat: z.nullish(objectShape({ metric: eventMetricShape })) }))) })),
  }),
});

/** Reads the EventBridge event `CloudWatch Alarm State Change` (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html). */
export function readEventBridgeAlarm(event: unknown): Found<AlarmMessage> | NotRead {
  const checked = checkShape(eventAlarmShape, event, 'The alarm event');
  if (checked.kind === 'unreadable') return checked;
  const { account, region, resources, detail } = checked.value;
  const metric = onlyOne(detail.configuration?.metrics?.map((entry) => entry.metricStat?.metric));
  return {
    kind: 'found',
    value: {
      alarmName: detail.alarmName,
      accountId: account,
      alarmArn: resources?.[0] ?? null,
      region,
      state: detail.state.value,
      reason: detail.state.reason,
      changedAt: detail.state.timestamp,
      metric: metric
        ? {
            namespace: metric.namespace,
            name: metric.name,
            currency: metric.dimensions?.Currency ?? null,
            linkedAccount: metric.dimensions?.LinkedAccount ?? null,
            serviceName: metric.dimensions?.ServiceName ?? null,
          }
        : null,
    },
  };
}

function onlyOne<T>(list: readonly T[] | undefined): T | null {
  const [first = null, ...others] = list ?? [];
  return others.length === 0 ? first : null;
}
