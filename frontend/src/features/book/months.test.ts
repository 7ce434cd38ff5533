import { expect, test } from 'vitest';

import { addDays } from '../../words/dates';
import { showPrice } from '../../words/money';

import { datesBetween } from './away';
import { occurrence, plan } from './example-plan';
import { byMonth, monthlySum } from './months';
import { freeWords } from './plan-summary';

const pounds = (cents: number) => showPrice(cents, 'GBP');
const mondays = (count: number, from = '2026-12-07') =>
  Array.from({ length: count }, (_, week) => occurrence(addDays(from, 7 * week)));

test('months are in order and count what is booked, taken and tight', () => {
  const tight = { ...occurrence('2027-01-04'), outcome: 'warning' as const };
  const { lines } = plan([occurrence('2026-12-07'), occurrence('2026-12-14', 'time_off'), tight]);
  expect(byMonth(lines).map(({ month, made, taken, tight }) => [month, made, taken, tight])).toEqual([
    ['2026-12', 1, 1, 0],
    ['2027-01', 1, 0, 1],
  ]);
});

test('the sum of a month is that of whole months, where there are some', () => {
  const sum = (count: number) => monthlySum(byMonth(plan(mondays(count)).lines), 2000, pounds);
  expect(sum(4)).toBeNull();
  expect(sum(8)).toBe('£80 in December, £80 in January');
  expect(sum(12)).toBe('£80 a month');
  expect(sum(52)).toBe('About £86 a month, £100 at most');
});

test('the heading counts what is booked of what is asked for, and one is singular', () => {
  const of = (free: number, taken: number, leftOut: string[] = []) =>
    freeWords(
      plan(
        [...mondays(free), ...Array.from({ length: taken }, (_, n) => occurrence(`2026-11-0${n + 1}`, 'time_off'))],
        { instead: {}, leftOut },
      ),
    );
  expect(of(30, 2)).toBe('30 of 32 walks are free');
  expect(of(1, 2)).toBe('1 of 3 walks is free');
  expect(of(0, 2)).toBe('0 of 2 walks are free');
  expect(of(30, 0)).toBe('All 30 walks are free');
  expect(of(1, 0)).toBe('1 walk is free');
  expect(of(0, 1)).toBe('The walk is not free');
  expect(of(4, 1, ['2026-11-01'])).toBe('All 4 walks are free');
  expect(of(1, 0, ['2026-12-07'])).toBe('Every date is left out');
});

test('a range leaves out the dates in it, its ends too, once', () => {
  const { lines } = plan(mondays(4), { instead: {}, leftOut: ['2026-12-14'] });
  expect(datesBetween(lines, '2026-12-07', '2026-12-21')).toEqual(['2026-12-07', '2026-12-21']);
  expect(datesBetween(lines, '2026-12-08', '2026-12-13')).toEqual([]);
  expect(datesBetween(lines, '', '')).toEqual([]);
});
