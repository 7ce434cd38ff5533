/** The plan by calendar month: what people compare with their wages. */

import { groupBy } from '../../ui/group-by';
import { showMonth } from '../../words/dates';

import type { Line } from './plan';

export interface Month {
  /** YYYY-MM */
  month: string;
  lines: Line[];
  taken: number;
  tight: number;
  /** How many walks would be made. */
  made: number;
}

/** In order, with how many of its dates are taken, tight and booked. */
export function byMonth(lines: readonly Line[]): Month[] {
  const months = groupBy(lines, ({ occurrence }) => occurrence.date.slice(0, 7));
  return [...months].map(([month, its]) => {
    const counts = (state: Line['state']) => its.filter((line) => line.state === state).length;
    const taken = counts('taken');
    return { month, lines: its, taken, tight: counts('tight'), made: its.length - taken - counts('left_out') };
  });
}

/**
 * "About £87 a month, £100 at most", "£80 a month"; null within a single month.
 *
 * The first and the last month are seldom whole: where there are others, these are what a month costs.
 */
export function monthlySum(
  months: readonly Month[],
  pricePerWalk: number,
  show: (cents: number) => string,
): string | null {
  if (months.length < 2) return null;
  if (months.length === 2)
    return months.map(({ month, made }) => `${show(made * pricePerWalk)} in ${nameOf(month)}`).join(', ');
  const sums = months.slice(1, -1).map(({ made }) => made * pricePerWalk);
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  const highest = Math.max(...months.map(({ made }) => made * pricePerWalk));
  if (sums.every((sum) => sum === mean) && highest === mean) return `${show(mean)} a month`;
  return `About ${show(roundly(mean))} a month, ${show(highest)} at most`;
}

/** To whole units: "about" and pence do not go together. */
const roundly = (cents: number): number => Math.round(cents / 100) * 100;

const nameOf = (month: string): string => showMonth(month).split(' ')[0] ?? month;
