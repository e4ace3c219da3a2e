import { contentId } from '../core/content-hash.ts';
import { ALERT_TYPES, type AlertType, type BudgetEvent, type ComparisonOperator } from '../core/cost-event.ts';
import { type CalendarDay, endOfDay, type Instant, parseCalendarDay } from '../core/instant.ts';
import type { Amount } from '../core/money.ts';
import { invalidAccount, isAccountId } from './account-id.ts';
import { amountKey, readAmount } from './aws-amount.ts';
import { budgetPeriod } from './budget-period.ts';
import { type Found, type NotRead, quote, unreadable } from './unreadable.ts';

type BudgetReading = { readonly kind: 'event'; readonly event: BudgetEvent } | NotRead;

const TITLE = 'AWS Budget Notification ';
const KEYS = ['Budget Name', 'Budget Type', 'Budgeted Amount', 'Alert Type', 'Alert Threshold', 'ACTUAL Amount', 'FORECASTED Amount'] as const;
type Key = (typeof KEYS)[number];
type Fields = ReadonlyMap<Key, string>;

const KEY_BY_LOWER_CASE: ReadonlyMap<string, Key> = new Map(KEYS.map((key) => [key.toLowerCase(), key]));
const LONGEST_KEY = 40;
const AMOUNT_KEYS: Readonly<Record<AlertType, Key>> = { actual: 'ACTUAL Amount', forecasted: 'FORECASTED Amount' };

/**
 * Reads the text that AWS Budgets publishes to SNS (https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html):
 * a date line, an account line, prose, and lines of `Key: value`, the last of which repeats the alert's type in its key. A text that
 * agrees with itself is an event, even without AWS's prose; all else is refused with its reason.
 */
export function readBudgetsMessage(text: string, sentAt: Instant | null): BudgetReading {
  const fields = readFields(text);
  if (fields.kind === 'unreadable') return fields;
  if (fields.value.size === 0 && !text.startsWith(TITLE)) {
    return unreadable('unknown_format', `The message is the text ${quote(text)}: expected one that begins "${TITLE}".`);
  }
  const alert = readAlert(fields.value, text);
  if (alert.kind === 'unreadable') return alert;
  const heading = readHeading(text);
  if (heading.kind === 'unreadable') return heading;
  const limits = readLimits(fields.value);
  if (limits.kind === 'unreadable') return limits;
  const facts = { ...heading.value, ...limits.value, ...alert.value, budgetType: fields.value.get('Budget Type')?.trim() ?? null };
  const period = budgetPeriod(text, facts.budgetName, facts.notifiedOn);
  return { kind: 'event', event: { source: 'budgets', ...facts, ...idsOf(facts, period), period, sentAt: sentAt ?? endOfDay(facts.notifiedOn) } };
}

function idsOf(facts: Omit<BudgetEvent, 'source' | 'eventId' | 'incidentId' | 'period' | 'sentAt'>, period: string | null) {
  const { accountId, budgetName, alertType, operator, threshold, notifiedOn, amount } = facts;
  return {
    eventId: contentId('evt', ['budgets', accountId, budgetName, alertType, operator, amountKey(threshold), notifiedOn, amountKey(amount)]),
    incidentId: contentId('inc', ['budgets', accountId, budgetName, period ?? notifiedOn]),
  };
}

/** The known `Key: value` lines, keys without regard to case. Split at the first `: `, since a value may hold anything. Blank values count as absent. */
function readFields(text: string): Found<Fields> | NotRead {
  const fields = new Map<Key, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(': ');
    const key = colon < 0 || colon > LONGEST_KEY ? undefined : KEY_BY_LOWER_CASE.get(line.slice(0, colon).trim().toLowerCase());
    const value = line.slice(colon + 2);
    if (key === undefined || value.trim() === '') continue;
    if (fields.has(key)) return unreadable('inconsistent', `The line "${key}" stands there twice: expected it once.`);
    fields.set(key, value);
  }
  return { kind: 'found', value: fields };
}

function readAlert(fields: Fields, text: string): Found<{ alertType: AlertType; amount: Amount }> | NotRead {
  const written = fields.get('Alert Type');
  if (written === undefined) return missingLine('Alert Type');
  const alertType = ALERT_TYPES.find((type) => type === written.trim().toLowerCase());
  if (alertType === undefined) return unreadable('invalid_field', `"Alert Type" is ${quote(written)}: expected ACTUAL or FORECASTED.`);
  const other = AMOUNT_KEYS[alertType === 'actual' ? 'forecasted' : 'actual'];
  if (fields.has(other)) return unreadable('inconsistent', `"Alert Type" is ${quote(written)}, but there is a line "${other}".`);
  const key = AMOUNT_KEYS[alertType];
  const amount = fields.get(key);
  if (amount !== undefined && isCutOff(text, amount)) {
    return unreadable('inconsistent', `The message ends within "${key}": ${quote(amount)} is not the amount that its prose names.`);
  }
  const read = readAmountLine(fields, key);
  return read.kind === 'unreadable' ? read : { kind: 'found', value: { alertType, amount: read.value } };
}

/** Whether the text stops in the middle of its last amount: `$1` of `$1,046.29` would look whole, but AWS's prose names the amount too. */
function isCutOff(text: string, lastValue: string): boolean {
  const beforeAmount = 'associated with this budget is ';
  const stated = text.indexOf(beforeAmount);
  return text.endsWith(lastValue) && stated >= 0 && !text.startsWith(`${lastValue.trim()}. `, stated + beforeAmount.length);
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DATE_LINE = /^AWS Budget Notification ([A-Za-z]{3,9}) (\d{1,2}), (2\d{3})[ \t]*(?:\r?\n|$)/;
const ACCOUNT_LINE = /^[^\n]*\nAWS Account ([^\r\n]*)/;

function readHeading(text: string): Found<{ notifiedOn: CalendarDay; accountId: string }> | NotRead {
  const [, month, day, year] = DATE_LINE.exec(text) ?? [];
  const twoDigits = (value: unknown): string => String(value).padStart(2, '0');
  const notifiedOn = parseCalendarDay(`${year}-${twoDigits(MONTHS.indexOf(String(month)) + 1)}-${twoDigits(day)}`);
  if (notifiedOn === null) return unreadable('invalid_field', `The message begins ${quote(text)}: expected "${TITLE}January 31, 2026" and a line's end.`);
  const [, accountId] = ACCOUNT_LINE.exec(text) ?? [];
  if (accountId === undefined) return unreadable('missing_field', 'The second line names no account: expected "AWS Account" and 12 digits.');
  if (!isAccountId(accountId.trim())) return invalidAccount('The account of the second line', accountId);
  return { kind: 'found', value: { notifiedOn, accountId: accountId.trim() } };
}

interface Limits {
  readonly budgetName: string;
  readonly budgetedAmount: Amount;
  readonly operator: ComparisonOperator;
  readonly threshold: Amount;
}

function readLimits(fields: Fields): Found<Limits> | NotRead {
  const budgetName = fields.get('Budget Name');
  if (budgetName === undefined) return missingLine('Budget Name');
  const budgetedAmount = readAmountLine(fields, 'Budgeted Amount');
  if (budgetedAmount.kind === 'unreadable') return budgetedAmount;
  const written = fields.get('Alert Threshold');
  if (written === undefined) return missingLine('Alert Threshold');
  const operator = OPERATORS.find((sign) => written.trimStart().startsWith(sign));
  const threshold = operator === undefined ? null : readAmount(written.trimStart().slice(operator.length).trim());
  if (operator === undefined || threshold === null) {
    return unreadable('invalid_field', `"Alert Threshold" is ${quote(written)}: expected an operator and an amount, such as > $24.00.`);
  }
  return { kind: 'found', value: { budgetName, budgetedAmount: budgetedAmount.value, operator, threshold } };
}

const OPERATORS: readonly ComparisonOperator[] = ['>=', '<=', '>', '<', '=']; // the longer ones first

function readAmountLine(fields: Fields, key: Key): Found<Amount> | NotRead {
  const written = fields.get(key);
  if (written === undefined) return missingLine(key);
  const amount = readAmount(written.trim());
  if (amount === null) return unreadable('invalid_field', `"${key}" is ${quote(written)}: expected an amount, such as $1,046.29.`);
  return { kind: 'found', value: amount };
}

function missingLine(key: Key): NotRead {
  return unreadable('missing_field', `There is no line "${key}": expected it with a value.`);
}
