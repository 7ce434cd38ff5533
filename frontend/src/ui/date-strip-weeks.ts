/** Dates laid out as a calendar on its side: a column a week, a row a weekday. */

import { addDays, showShortMonth, weekdayIndex, weekOf } from '../words/dates';

import { groupBy } from './group-by';

export interface Week<Cell> {
  /** Its Monday. */
  monday: string;
  /** The month's name over the first week that begins in it, with the year where that is new; "Today" over a week without dates. */
  label: string | null;
  isThisWeek: boolean;
  cells: Cell[];
}

export interface Weeks<Cell> {
  weeks: Week<Cell>[];
  /** The weekdays that are in use, Monday is 0. */
  rows: number[];
}

/** Lay out dates in time order. Weeks without dates are left out, but for this week where it is in the range or just before it. */
export function weeksOf<Cell extends { date: string }>(cells: readonly Cell[], today: string): Weeks<Cell> {
  const byMonday = groupBy(cells, ({ date }) => weekOf(date));
  const [first, last] = [weekOf(cells[0]?.date ?? today), weekOf(cells.at(-1)?.date ?? today)];
  const now = weekOf(today);
  if (now >= addDays(first, -7) && now <= last && !byMonday.has(now)) byMonday.set(now, []);
  const mondays = [...byMonday.keys()].sort();
  const rows = [...new Set(cells.map(({ date }) => weekdayIndex(date)))].sort((a, b) => a - b);
  let month = '';
  const weeks = mondays.map((monday) => {
    const its = byMonday.get(monday) ?? [];
    const label = its[0] ? newMonth(month, its[0].date) : 'Today';
    month = its[0]?.date.slice(0, 7) ?? month;
    return { monday, label, isThisWeek: monday === now, cells: its };
  });
  return { weeks, rows };
}

/** "Dec", "Jan 2027"; null in a month that has its name already. */
function newMonth(before: string, date: string): string | null {
  const [month, year] = [date.slice(0, 7), date.slice(0, 4)];
  if (month === before) return null;
  return before && before.slice(0, 4) !== year ? `${showShortMonth(month)} ${year}` : showShortMonth(month);
}

const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 };

/**
 * Where a key leads from a date: up and down to the one before and after, left and right to the week before and after (there
 * to the same weekday or the nearest), Home and End to the first and the last. Null where there is nothing, or for other keys.
 */
export function dateAt(key: string, from: string, dates: readonly string[]): string | null {
  const at = dates.indexOf(from);
  if (key === 'Home') return dates[0] ?? null;
  if (key === 'End') return dates.at(-1) ?? null;
  const step = steps[key];
  if (!step) return null;
  if (Math.abs(step) === 1) return dates[at + step] ?? null;
  const there = step < 0 ? dates.slice(0, at).reverse() : dates.slice(at + 1);
  const next = there.find((date) => weekOf(date) !== weekOf(from));
  if (!next) return null;
  const away = (date: string) => Math.abs(weekdayIndex(date) - weekdayIndex(from));
  return there.filter((date) => weekOf(date) === weekOf(next)).reduce((a, b) => (away(b) < away(a) ? b : a));
}
