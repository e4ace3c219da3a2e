import fc from 'fast-check';

/** A cadence as AWS writes it in the prose, and the period that it means for a given day. */
interface Cadence {
  readonly prose: string;
  readonly periodOf: (day: string) => string;
}

/** The facts of an alert of AWS Budgets, and how they are laid out as text. */
export interface BudgetAlert {
  readonly day: string;
  readonly accountId: string;
  readonly name: string;
  readonly alertType: 'ACTUAL' | 'FORECASTED';
  readonly budgetedCents: bigint;
  readonly operator: '>' | '<' | '=';
  readonly thresholdCents: bigint;
  readonly amountCents: bigint;
  readonly mark: '$' | 'US$' | 'USD ';
  readonly cadence: Cadence;
  readonly lineEnd: '\n' | '\r\n';
  readonly byteOrderMark: '' | '\uFEFF';
  readonly upperCaseKeys: boolean;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAY_MS = 86_400_000;

const CADENCES: readonly Cadence[] = [
  { prose: ' for the current month. The', periodOf: (day) => day.slice(0, 7) },
  { prose: ' for the current quarter. The', periodOf: (day) => `${day.slice(0, 4)}-Q${[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4][Number(day.slice(5, 7)) - 1]}` },
  { prose: ' for the current year. The', periodOf: (day) => day.slice(0, 4) },
  { prose: ' per day. Yesterday, the', periodOf: (day) => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10) },
];

// Everything that a budget's name may hold and that could be taken for a part of the message.
const WORDS = [
  'Budget Name',
  'Alert Type',
  'ACTUAL Amount',
  'AWS Account 111122223333',
  'AWS Budget Notification',
  'for the current year.',
  'for the current month',
  'per day. Yesterday, the',
  'associated with your',
  'budget is',
  'budget is greater than $1.00 for the current year. The',
  '80%',
  '"quoted"',
  "Ana's",
  '<!channel>',
  '&amp;',
  '$1,046.29',
  '> $24.00',
  'été',
  '日本',
  '🚀',
  '{}',
];
const plainName = fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }).map((text) => text.replace(/[:\\\p{C}\p{Zl}\p{Zp}]/gu, '_'));
const trickyName = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
const budgetName = fc.oneof(plainName, trickyName).filter((name) => name.trim() !== '');

const cents = fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 16n }), fc.bigInt({ min: 0n, max: 200_000n }));
const day = fc
  .integer({ min: Date.parse('2019-01-01') / DAY_MS, max: Date.parse('2099-12-31') / DAY_MS })
  .map((days) => new Date(days * DAY_MS).toISOString().slice(0, 10));

/** Twelve digits, with and without leading zeros. */
const accountIdArbitrary = fc.integer({ min: 0, max: 999_999_999_999 }).map((n) => String(n).padStart(12, '0'));

/** Any alert that the documented grammar allows. */
export const budgetAlertArbitrary: fc.Arbitrary<BudgetAlert> = fc.record({
  day,
  accountId: accountIdArbitrary,
  name: budgetName,
  alertType: fc.constantFrom('ACTUAL' as const, 'FORECASTED' as const),
  budgetedCents: cents,
  operator: fc.constantFrom('>' as const, '<' as const, '=' as const),
  thresholdCents: cents,
  amountCents: cents,
  mark: fc.constantFrom('$' as const, 'US$' as const, 'USD ' as const),
  cadence: fc.constantFrom(...CADENCES),
  lineEnd: fc.constantFrom('\n' as const, '\r\n' as const),
  byteOrderMark: fc.constantFrom('' as const, '\uFEFF' as const),
  upperCaseKeys: fc.boolean(),
});

/** The alert as AWS Budgets would write it. */
export function budgetText(alert: BudgetAlert): string {
  const money = (amount: bigint): string => `${alert.mark}${(amount / 100n).toLocaleString('en-US')}.${String(amount % 100n).padStart(2, '0')}`;
  const [year, month, date] = alert.day.split('-');
  const spend = `${alert.alertType} Cost associated with`;
  const fields: readonly (readonly [string, string])[] = [
    ['Budget Name', alert.name],
    ['Budget Type', 'Cost'],
    ['Budgeted Amount', money(alert.budgetedCents)],
    ['Alert Type', alert.alertType],
    ['Alert Threshold', `${alert.operator} ${money(alert.thresholdCents)}`],
    [`${alert.alertType} Amount`, money(alert.amountCents)],
  ];
  const lines = [
    `AWS Budget Notification ${MONTHS[Number(month) - 1]} ${date}, ${year}`,
    `AWS Account ${alert.accountId}`,
    '',
    'Dear AWS Customer,',
    '',
    `You requested that we alert you when the ${spend} your ${alert.name} budget is greater than ${money(alert.thresholdCents)}${alert.cadence.prose} ${spend} this budget is ${money(alert.amountCents)}. You can find additional details below and by accessing the AWS Budgets dashboard [1].`,
    '',
    ...fields.map(([key, value]) => `${alert.upperCaseKeys ? key.toUpperCase() : key}: ${value}`),
    '',
    '[1] https://console.aws.amazon.com/costmanagement/home#/budgets',
    '',
  ];
  return alert.byteOrderMark + lines.join(alert.lineEnd);
}
