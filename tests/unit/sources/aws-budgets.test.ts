import type { BudgetEvent } from '../../../src/core/cost-event.ts';
import { readSignals } from '../../../src/sources/read-signal.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

const monthly = signalFixture('budgets-actual-monthly.txt');

/** The message with one part replaced; a part that isn't there would make the test mean nothing. */
function edited(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the fixture has no ${from}`);
  return text.replaceAll(from, to);
}

function eventIn(text: string): BudgetEvent {
  const [reading] = readSignals(text);
  if (reading?.kind !== 'event' || reading.event.source !== 'budgets') throw new Error(`not read: ${JSON.stringify(reading)}`);
  return reading.event;
}

function errorIn(text: string): { reason: string; message: string } {
  const [reading] = readSignals(text);
  if (reading?.kind !== 'unreadable') throw new Error('it was read');
  return reading.error;
}

const usd = (cents: bigint) => ({ kind: 'usd', usd: cents });
const other = (raw: string) => ({ kind: 'other', raw });

describe('an alert of AWS Budgets', () => {
  it('is read whole', () => {
    expect(eventIn(monthly)).toEqual({
      source: 'budgets',
      eventId: expect.stringMatching(/^evt-[0-9a-f]{32}$/),
      incidentId: expect.stringMatching(/^inc-[0-9a-f]{32}$/),
      sentAt: '2026-03-09T23:59:59.999Z',
      accountId: '204715839206',
      budgetName: 'platform-monthly',
      budgetType: 'Cost',
      budgetedAmount: usd(6_000_00n),
      alertType: 'actual',
      operator: '>',
      threshold: usd(4_800_00n),
      amount: usd(4_913_37n),
      notifiedOn: '2026-03-09',
      period: '2026-03',
    });
  });

  it.each([
    ['budgets-forecasted-monthly.txt', { alertType: 'forecasted', amount: usd(7_204_08n), period: '2026-03', notifiedOn: '2026-03-04' }],
    ['budgets-actual-daily.txt', { amount: usd(31_07n), notifiedOn: '2026-03-01', period: '2026-02-28' }],
    ['budgets-actual-yearly.txt', { budgetName: 'Research grants', amount: usd(180_455_10n), period: '2025' }],
    ['budgets-actual-quarterly.txt', { amount: usd(902_61n), period: '2026-Q2' }],
    ['budgets-trillions.txt', { budgetedAmount: usd(200_000_00n), threshold: usd(180_000_00n), amount: usd(6_411_890_237_741_593n), period: '2026' }],
    [
      'budgets-usage.txt',
      { budgetType: 'Usage', budgetedAmount: other('1,000 GB'), threshold: other('800 GB'), amount: other('1,024.5 GB'), period: '2026-06' },
    ],
    ['budgets-odd-name.txt', { budgetName: 'R&D <prod> "80%" of Ana\'s', amount: usd(81_20n), period: '2026-03' }],
    ['budgets-misleading-name.txt', { budgetName: 'Budget Name for the current year. It budget is ACTUAL Amount', amount: usd(5_55n), period: '2026-08' }],
  ])('%s is read', (file, facts) => {
    expect(eventIn(signalFixture(file))).toMatchObject(facts);
  });

  it.each([
    ['line ends of Windows', monthly.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${monthly}`],
    ['blank lines before it', `\r\n \n${monthly}`],
    ['no line end after it', monthly.trimEnd()],
    ['nothing after its last amount', monthly.slice(0, monthly.indexOf('\n\n[1]'))],
    ['keys in lower case', monthly.replace(/^(Budget Name|Alert Type|Alert Threshold|ACTUAL Amount)(?=: )/gm, (key) => key.toLowerCase())],
    ['keys in upper case', monthly.replace(/^(Budget Name|Budget Type|Budgeted Amount|Alert Type)(?=: )/gm, (key) => key.toUpperCase())],
    ['amounts without commas', edited(monthly, ',', '').replace('March 09 2026', 'March 09, 2026')],
    ['an unpadded day', edited(monthly, 'March 09', 'March 9')],
    ['blanks after its values', monthly.replace('Cost\n', 'Cost \n').replace('Type: ACTUAL', 'Type: ACTUAL\t').replace(/206$/m, '206 ')],
  ])('is the same event with %s', (_, text) => {
    expect(eventIn(text)).toEqual(eventIn(monthly));
  });

  it('counts by its lines alone, whatever amount its prose names', () => {
    expect(eventIn(edited(monthly, 'this budget is $4,913.37', 'this budget is $9.99'))).toEqual(eventIn(monthly));
  });

  it('may consist of its lines alone', () => {
    const lines = monthly.replace(/\nDear[\s\S]*?\n(?=Budget Name)/, '').replace(/\n\n\[1\][\s\S]*/, '');
    expect(lines).toMatch(/^AWS Budget Notification March 09, 2026\nAWS Account \d+\nBudget Name: [\s\S]*\nACTUAL Amount: \$4,913\.37$/);
    const { period: _period, incidentId: _incident, ...facts } = eventIn(monthly);
    expect(eventIn(lines)).toMatchObject({ ...facts, period: null });
  });

  it('needs no type of the budget', () => {
    expect(eventIn(edited(monthly, 'Budget Type: Cost\n', '')).budgetType).toBeNull();
  });
});

describe('the ids of an alert of AWS Budgets', () => {
  const original = eventIn(monthly);

  it.each([
    ['the account', ['204715839206', '204715839207']],
    ['the budget', ['platform-monthly', 'platform-daily']],
    ['the alert type', ['ACTUAL', 'FORECASTED']],
    ['the operator', ['Threshold: >', 'Threshold: =']],
    ['the threshold', ['$4,800.00', '$4,801.00']],
    ['the date line', ['March 09', 'March 10']],
    ['the amount', ['$4,913.37', '$4,913.38']],
    ['the unit of the amount', ['$4,913.37', '4913.37 GB']],
    ['an amount without a unit', ['$4,913.37', '4913.37']],
  ])('another event by %s', (_, [from = '', to = '']) => {
    expect(eventIn(edited(monthly, from, to)).eventId).not.toBe(original.eventId);
  });

  it.each([
    ['the type of the budget', ['Budget Type: Cost', 'Budget Type: Usage']],
    ['the limit of the budget', ['$6,000.00', '$7,000.00']],
    ['the link at the end', ['costmanagement', 'billing']],
  ])('the same event whatever %s', (_, [from = '', to = '']) => {
    expect(eventIn(edited(monthly, from, to)).eventId).toBe(original.eventId);
  });

  it('one incident for all alerts of a budget in a period', () => {
    expect(eventIn(signalFixture('budgets-forecasted-monthly.txt')).incidentId).toBe(original.incidentId);
    expect(eventIn(edited(monthly, '$4,913.37', '$5,400.00')).incidentId).toBe(original.incidentId);
  });

  it.each([
    ['period', ['March 09', 'April 09']],
    ['account', ['204715839206', '204715839207']],
    ['budget', ['platform-monthly', 'platform-daily']],
    ['cadence', ['current month', 'current year']],
  ])('another incident by the %s', (_, [from = '', to = '']) => {
    expect(eventIn(edited(monthly, from, to)).incidentId).not.toBe(original.incidentId);
  });

  it('another incident each day where no period is known', () => {
    const unknown = edited(monthly, 'for the current month', 'this fortnight');
    expect(eventIn(unknown).period).toBeNull();
    expect(eventIn(edited(unknown, 'March 09', 'March 10')).incidentId).not.toBe(eventIn(unknown).incidentId);
    expect(eventIn(edited(unknown, '$4,913.37', '$5,400.00')).incidentId).toBe(eventIn(unknown).incidentId);
  });
});

describe('the period of an alert of AWS Budgets', () => {
  it.each([
    ['the prose is missing', monthly.replace(/You requested[^\n]*\n/, '')],
    ['the prose is in another language', monthly.replace(/You requested[^\n]*\n/, 'Ihr Budget wurde für den aktuellen Monat überschritten.\n')],
    ['the prose names another budget', edited(monthly, 'your platform-monthly budget', 'your platform budget')],
    ['the period stands in the next sentence', edited(monthly, ' for the current month. The', '. For this: for the current month. The')],
    ['the prose goes on after the period', edited(monthly, 'for the current month.', 'for the current month.ly')],
    ['the prose speaks of a day, not of yesterday', edited(monthly, 'for the current month. The', 'per day. Today, the')],
    ['the prose stops after the name', `${monthly.slice(0, monthly.indexOf('greater than'))}\n${monthly.slice(monthly.indexOf('Budget Name'))}`],
  ])('is not guessed where %s', (_, text) => {
    expect(eventIn(text)).toMatchObject({ period: null, amount: usd(4_913_37n) });
  });

  it.each([
    ['January', '2026-Q1'],
    ['March', '2026-Q1'],
    ['April', '2026-Q2'],
    ['September', '2026-Q3'],
    ['October', '2026-Q4'],
    ['December', '2026-Q4'],
  ])('in %s is the quarter %s', (month, quarter) => {
    expect(eventIn(edited(signalFixture('budgets-actual-quarterly.txt'), 'May', month)).period).toBe(quarter);
  });
});

describe('an amount of AWS Budgets', () => {
  const withAmount = (text: string): string => edited(monthly, '$4,913.37', text);

  it.each([
    ['$0.00', 0n],
    ['$1,046.29', 1_046_29n],
    ['$1046.29', 1_046_29n],
    ['US$87,967,679,887,258.36', 8_796_767_988_725_836n],
    ['USD 12.00', 12_00n],
    ['USD12.00', 12_00n],
    ['-$5.00', -5_00n],
    ['$-5.00', -5_00n],
    ['-US$5.00', -5_00n],
    ['USD -5.00', -5_00n],
    ['$100', 100_00n],
    ['$0.5', 50n],
    ['$0.005', 1n],
  ])('%s is in US dollars', (text, cents) => {
    expect(eventIn(withAmount(text)).amount).toEqual(usd(cents));
  });

  it.each(['€1.00', 'CA$5.00', 'AU$5.00', '¥100', '12.5 GB', '80%', '1,234 Hrs', '12,50 EUR', '-€3.00', '₹ 1,04,629.00'])('%s is kept as it is', (text) => {
    expect(eventIn(withAmount(text)).amount).toEqual(other(text));
  });

  it.each([
    '$',
    'USD',
    '$1,04',
    '$1,0462.29',
    '$10,46.29',
    '$,046.29',
    '$1.',
    '$.5',
    '$1,046.29.',
    '$1 046.29',
    '$1.046,29',
    '$5.00 GB',
    '$NaN',
    '$Infinity',
    '--$5.00',
    '-$-5.00',
    '+$5.00',
    '($5.00)',
    '−$5.00',
    '$+5.00',
    '$1e3',
    '$0x10',
    '$٣',
    'n/a',
    'unknown',
    '-',
    `$${'9'.repeat(61)}`,
    `$${'9'.repeat(500)}`,
    `${'9'.repeat(500)} GB`,
  ])('%s is refused', (text) => {
    expect(errorIn(withAmount(text)).reason).toBe('invalid_field');
  });

  it('says what was found, what was expected and what to do', () => {
    expect(errorIn(withAmount('$1.046,29')).message).toBe(
      '"ACTUAL Amount" is "$1.046,29": expected an amount, such as $1,046.29. Publish the alert as AWS wrote it, unedited.',
    );
  });
});

describe('the threshold of AWS Budgets', () => {
  const withThreshold = (text: string): string => edited(monthly, 'Alert Threshold: > $4,800.00', `Alert Threshold: ${text}`);

  it.each([
    ['> $24.00', '>', usd(24_00n)],
    ['>$24.00', '>', usd(24_00n)],
    ['< $24.00', '<', usd(24_00n)],
    ['= $24.00', '=', usd(24_00n)],
    ['>= $24.00', '>=', usd(24_00n)],
    ['<= US$1,024.00', '<=', usd(1_024_00n)],
    ['> 80%', '>', other('80%')],
  ])('%s is read', (text, operator, threshold) => {
    expect(eventIn(withThreshold(text))).toMatchObject({ operator, threshold });
  });

  it.each(['$24.00', '80%', '> ', '> none', '> $1,04', 'over $24.00', '!= $24.00'])('%s is refused', (text) => {
    expect(errorIn(withThreshold(text)).reason).toBe('invalid_field');
  });
});

describe('an alert of AWS Budgets that is refused', () => {
  it.each([['Budget Name'], ['Budgeted Amount'], ['Alert Type'], ['Alert Threshold'], ['ACTUAL Amount']])('has no %s', (key) => {
    expect(errorIn(monthly.replace(new RegExp(`^${key}: .*\n`, 'm'), ''))).toEqual({
      reason: 'missing_field',
      message: `There is no line "${key}": expected it with a value. Publish the alert whole, as AWS wrote it.`,
    });
    expect(errorIn(monthly.replace(new RegExp(`^${key}: .*\n`, 'm'), `${key}:  \n`)).reason).toBe('missing_field');
  });

  it.each(['Budget Name', 'Budget Type', 'Budgeted Amount', 'Alert Type', 'Alert Threshold', 'ACTUAL Amount'])('has the line %s twice', (key) => {
    expect(errorIn(`${monthly}\n${key.toUpperCase()}: $1.00\n`)).toMatchObject({ reason: 'inconsistent', message: expect.stringContaining(`"${key}"`) });
  });

  it.each([
    ['ACTUAL Amount: ', 'FORECASTED Amount: '],
    ['Alert Type: ACTUAL', 'Alert Type: FORECASTED'],
    ['ACTUAL Amount: ', 'FORECASTED Amount: $2.00\nACTUAL Amount: '],
  ])('disagrees with itself: %s is %s', (from, to) => {
    expect(errorIn(edited(monthly, from, to)).reason).toBe('inconsistent');
  });

  it('has another type', () => {
    expect(errorIn(edited(monthly, 'Alert Type: ACTUAL', 'Alert Type: GUESSED'))).toEqual({
      reason: 'invalid_field',
      message: '"Alert Type" is "GUESSED": expected ACTUAL or FORECASTED. Publish the alert as AWS wrote it, unedited.',
    });
  });

  it.each([
    ['$4,913.37', '$4,913.3'],
    ['$4,913.37', '$4,913'],
    ['$4,913.37', '$4'],
    ['1,024.5 GB', '1,024.5 G'],
    ['1,024.5 GB', '1,0'],
  ])('was cut off within its last amount %s, at %s', (whole, rest) => {
    const text = whole.startsWith('$') ? monthly : signalFixture('budgets-usage.txt');
    const cut = text.slice(0, text.lastIndexOf(whole) + rest.length);
    expect(cut.endsWith(`Amount: ${rest}`)).toBe(true);
    expect(errorIn(cut).reason).toBe('inconsistent');
  });

  it.each(['February 30, 2026', 'March 00, 2026', 'March 32, 2026', 'Mars 09, 2026', '2026-03-09', 'March 09, 0026', 'March 09 2026', 'March 09, 2026 10:00'])(
    'has the date %s',
    (date) => {
      expect(errorIn(edited(monthly, 'March 09, 2026', date)).reason).toBe('invalid_field');
    },
  );

  it.each(['20471583920', '2047158392061', 'XXX', '', '204715839206 (payer)', '２０４７１５８３９２０６'])('has the account %p', (account) => {
    expect(errorIn(edited(monthly, '204715839206', account)).reason).toBe('invalid_account');
  });

  it('has no second line with an account', () => {
    expect(errorIn(edited(monthly, 'AWS Account', 'Account')).reason).toBe('missing_field');
  });

  it('does not begin with its title', () => {
    expect(errorIn(`Fwd: cost\n${monthly}`).reason).toBe('invalid_field');
  });

  it('has its title and nothing else', () => {
    expect(errorIn('AWS Budget Notification March 09, 2026').reason).toBe('missing_field');
  });

  it('is another text', () => {
    expect(errorIn('Hello from SNS!\nHow are you?')).toEqual({
      reason: 'unknown_format',
      message:
        'The message is the text "Hello from SNS! How are you?": expected one that begins "AWS Budget Notification ". ' +
        'Send only what AWS Budgets, Cost Anomaly Detection and CloudWatch billing alarms publish, as they publish it.',
    });
  });

  it('quotes foreign text in one bounded line', () => {
    const { message } = errorIn(`\u001b[31m\u202e${'x'.repeat(1000)}\u2028\n`);
    expect(message).toContain(`text " [31m ${'x'.repeat(73)}…"`);
    expect(message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });
});
