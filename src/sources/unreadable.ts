/** Why a signal gave no event. `not_an_alert` needs nobody; every other reason means that an alert may have been lost. */
export const UNREADABLE_REASONS = [
  'not_an_alert',
  'empty',
  'unknown_format',
  'inconsistent',
  'missing_field',
  'invalid_field',
  'invalid_account',
  'other_alarm',
  'no_datapoint',
] as const;
export type UnreadableReason = (typeof UNREADABLE_REASONS)[number];

/** What a signal that gave no event says to people. */
export interface Unreadable {
  readonly reason: UnreadableReason;
  /** One bounded line: what was found, what was expected, what to do. */
  readonly message: string;
}

/** A reading, or a part of one, that failed. */
export interface NotRead {
  readonly kind: 'unreadable';
  readonly error: Unreadable;
}

/** A part of a signal that was read. */
export interface Found<T> {
  readonly kind: 'found';
  readonly value: T;
}

const ADVICE: Readonly<Record<UnreadableReason, string>> = {
  not_an_alert: 'Nothing needs to be done.',
  empty: 'Find out what publishes empty messages.',
  unknown_format: 'Send only what AWS Budgets, Cost Anomaly Detection and CloudWatch billing alarms publish, as they publish it.',
  inconsistent: 'Publish the alert as AWS wrote it, unedited.',
  missing_field: 'Publish the alert whole, as AWS wrote it.',
  invalid_field: 'Publish the alert as AWS wrote it, unedited.',
  invalid_account: 'Publish the alert as AWS wrote it, with real account ids.',
  other_alarm: 'Send only alarms on the metric EstimatedCharges of AWS/Billing here.',
  no_datapoint: 'Look at the charges yourself, and set the alarm to treat missing data as missing.',
};

/** A failed reading: the finding says what was found and what was expected, and the advice for the reason is added to it. */
export function unreadable(reason: UnreadableReason, finding: string): NotRead {
  return { kind: 'unreadable', error: { reason, message: `${finding} ${ADVICE[reason]}` } };
}

const MAX_QUOTED = 80;

/** Foreign text made fit for a message: one line of at most 80 characters, without control and formatting characters. */
export function quote(text: string): string {
  const characters = Array.from(text.slice(0, 4 * MAX_QUOTED).replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' '));
  const shown = characters.length > MAX_QUOTED ? [...characters.slice(0, MAX_QUOTED - 1), '…'] : characters;
  return `"${shown.join('')}"`;
}
