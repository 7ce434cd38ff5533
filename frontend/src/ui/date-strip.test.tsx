import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { addDays } from '../words/dates';

import { DateStrip } from './date-strip';
import { dateAt, weeksOf } from './date-strip-weeks';

afterEach(cleanup);

const on = (...dates: string[]) => dates.map((date) => ({ date }));
// Mondays and Wednesdays over the end of a year.
const dates = ['2026-12-21', '2026-12-23', '2026-12-28', '2026-12-30', '2027-01-04', '2027-01-06'];

test('a column is a week, a row is a weekday that is in use', () => {
  const { weeks, rows } = weeksOf(on(...dates), '2026-11-01');
  expect(rows).toEqual([0, 2]);
  expect(weeks.map(({ monday, cells }) => [monday, cells.length])).toEqual([
    ['2026-12-21', 2],
    ['2026-12-28', 2],
    ['2027-01-04', 2],
  ]);
});

test('a month is named over its first week, with the year where that is new', () => {
  const year = Array.from({ length: 53 }, (_, week) => addDays('2026-11-30', 7 * week));
  const { weeks } = weeksOf(on(...year), '2026-01-01');
  expect(weeks.flatMap(({ label }) => label ?? [])).toEqual(
    'Nov,Dec,Jan 2027,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov'.split(','),
  );
});

test('this week is marked, also where it has no date or comes just before the first', () => {
  const marked = (today: string) => weeksOf(on('2026-12-07', '2026-12-21'), today).weeks.filter((w) => w.isThisWeek);
  expect(marked('2026-12-09')).toMatchObject([{ monday: '2026-12-07', label: 'Dec' }]);
  expect(marked('2026-12-16')).toMatchObject([{ monday: '2026-12-14', label: 'Today', cells: [] }]);
  expect(marked('2026-12-04')).toMatchObject([{ monday: '2026-11-30', label: 'Today', cells: [] }]);
  expect(marked('2026-11-27')).toEqual([]);
});

test('arrows lead a day up or down and a week to the side, to the weekday that is nearest', () => {
  expect(dateAt('ArrowDown', '2026-12-21', dates)).toBe('2026-12-23');
  expect(dateAt('ArrowUp', '2026-12-21', dates)).toBeNull();
  expect(dateAt('ArrowRight', '2026-12-23', dates)).toBe('2026-12-30');
  expect(dateAt('ArrowLeft', '2027-01-04', dates)).toBe('2026-12-28');
  expect(dateAt('ArrowRight', '2026-12-21', ['2026-12-21', '2026-12-25', '2026-12-29', '2027-01-01'])).toBe(
    '2026-12-29',
  );
  expect(dateAt('End', '2026-12-21', dates)).toBe('2027-01-06');
  expect(dateAt('Home', '2027-01-06', dates)).toBe('2026-12-21');
  expect(dateAt('Enter', '2026-12-21', dates)).toBeNull();
});

test('the strip is one stop for Tab, and today is said', () => {
  const press = vi.fn();
  const cells = dates.map((date) => ({ date, kind: 'free' as const, words: `${date}: free` }));
  render(<DateStrip label="All dates" cells={cells} today="2026-12-28" onPress={press} />);
  const stops = () => screen.getAllByRole('button').filter(({ tabIndex }) => tabIndex === 0);
  expect(stops()).toHaveLength(1);
  stops()[0]?.focus();
  fireEvent.keyDown(screen.getByRole('toolbar'), { key: 'ArrowRight' });
  expect(document.activeElement).toBe(screen.getByRole('button', { name: '2026-12-28: free (today)' }));
  expect(stops()).toEqual([document.activeElement]);
  fireEvent.click(screen.getByRole('button', { name: '2026-12-30: free' }));
  expect(press).toHaveBeenCalledWith('2026-12-30');
});
