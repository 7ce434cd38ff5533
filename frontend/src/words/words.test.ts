import { expect, test } from 'vitest';

import { listed } from './count';
import { addDays, localDate, showDate, showDay, showTime, weekOf } from './dates';
import { showPrice } from './money';
import { showRecurrence } from './weekdays';

test('instants are shown in the organization’s zone, on both sides of a change of the clocks', () => {
  expect(showTime('2026-12-14T09:00:00Z', 'Europe/London')).toBe('09:00');
  expect(showTime('2026-07-13T08:00:00Z', 'Europe/London')).toBe('09:00');
  expect(showTime('2026-12-14T00:30:00Z', 'America/New_York')).toBe('19:30');
  expect(showTime('2026-12-14T00:00:00Z', 'UTC')).toBe('00:00');
});

test('the local day of an instant is the organization’s', () => {
  expect(localDate('2026-12-14T00:30:00Z', 'America/New_York')).toBe('2026-12-13');
});

test('a date names its weekday, and its year where it is not this one', () => {
  expect(showDate('2026-12-14', 2026)).toBe('Mon 14 Dec');
  expect(showDate('2027-09-06', 2026)).toBe('Mon 6 Sep 2027');
});

test('days are counted over the ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(weekOf('2027-01-03')).toBe('2026-12-28');
  expect(weekOf('2026-12-28')).toBe('2026-12-28');
  expect(showDay('2027-01-01', '2026-12-31')).toBe('Tomorrow');
});

test('prices have the currency and as many decimals as it has, none where they say nothing', () => {
  expect(showPrice(94000, 'GBP')).toBe('£940');
  expect(showPrice(94050, 'GBP')).toBe('£940.50');
  expect(showPrice(500, 'JPY')).toBe('JP¥500');
});

test('a rule reads as a sentence', () => {
  const rule = {
    weekdays: ['WE', 'MO'],
    interval_weeks: 2,
    starts_on: '2099-11-30',
    start_time: '09:00',
    count: 4,
  } as const;
  expect(showRecurrence(rule)).toBe('Every 2 weeks on Monday and Wednesday at 09:00');
  expect(showRecurrence({ ...rule, weekdays: ['MO'], interval_weeks: 1 })).toBe('Every Monday at 09:00');
  expect(showRecurrence({ ...rule, weekdays: ['MO'], interval_weeks: 1, count: 1 })).toBe(
    'Once, on Mon 30 Nov 2099 at 09:00',
  );
});

test('names are listed as people say them', () => {
  expect(listed(['Biscuit', 'Juno', 'Rex'])).toBe('Biscuit, Juno and Rex');
});
