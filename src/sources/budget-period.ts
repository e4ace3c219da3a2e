import { type CalendarDay, dayBefore } from '../core/instant.ts';

const BEFORE_NAME = 'associated with your ';
const LONGEST_SENTENCE = 200;

// The rest of the sentence after the budget's name. It ends at the first full stop that a blank follows: amounts hold full stops too.
const CADENCE = /^(?:(?!\. )[^\r\n])+? (?:for the current (month|quarter|year)\.(?!\S)|per (day)\. Yesterday,)/;

/**
 * The period that an alert of AWS Budgets speaks of: `2026-01`, `2026-Q1`, `2026`, or the day before for a daily budget. AWS says
 * it only in the prose ("… associated with your NAME budget is greater than $1.00 for the current month."), in which the name may
 * itself say such words; so what counts begins after the name. Null where the prose is missing or says it in other words.
 */
export function budgetPeriod(text: string, budgetName: string, notifiedOn: CalendarDay): string | null {
  const at = text.indexOf(BEFORE_NAME); // -1 is as good as 0 below: the text begins with its title
  const opening = `${BEFORE_NAME}${budgetName} budget is `;
  if (!text.startsWith(opening, at)) return null;
  const begin = at + opening.length;
  const [, ofToday, day] = CADENCE.exec(text.slice(begin, begin + LONGEST_SENTENCE)) ?? [];
  if (day !== undefined) return dayBefore(notifiedOn);
  const [year, month] = [notifiedOn.slice(0, 4), notifiedOn.slice(5, 7)];
  if (ofToday === 'month') return `${year}-${month}`;
  if (ofToday === 'quarter') return `${year}-Q${Math.ceil(Number(month) / 3)}`;
  return ofToday === 'year' ? year : null;
}
