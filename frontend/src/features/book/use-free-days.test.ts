import { expect, test } from 'vitest';

import type { Alternative, Occurrence, SeriesPreview } from '../../api/types';

import { everyDayOf, firstDay, freeDays } from './use-free-days';

const walk = { serviceId: 'walk', walkerId: '', locationId: 'home', dogIds: ['biscuit'], startTime: '09:00' };
const today = '2026-11-25';

test('a month is asked for from its first day to its last, and this one from today on', () => {
  expect(everyDayOf('2026-12', walk, today)).toMatchObject({ starts_on: '2026-12-01', until: '2026-12-31' });
  expect(everyDayOf('2027-02', walk, today)).toMatchObject({ starts_on: '2027-02-01', until: '2027-02-28' });
  expect(everyDayOf('2026-11', walk, today)).toMatchObject({ starts_on: today, until: '2026-11-30' });
});

test('today counts while its time has not passed', () => {
  expect(firstDay(walk, new Date('2026-11-25T08:59:00Z'), 'Europe/London')).toBe('2026-11-25');
  expect(firstDay(walk, new Date('2026-11-25T09:00:00Z'), 'Europe/London')).toBe('2026-11-26');
});

test('nothing is asked of the past, nor while the walk is not chosen', () => {
  expect(everyDayOf('2026-10', walk, today)).toBeNull();
  expect(everyDayOf('2026-12', { ...walk, dogIds: [] }, today)).toBeNull();
  expect(everyDayOf('2026-12', { ...walk, startTime: '' }, today)).toBeNull();
});

test('a day is free where its walker is, and where any walker will do also where another one is', () => {
  const at = '2026-12-07T09:00:00Z';
  const taken = { date: '2026-12-07', outcome: 'conflict', scheduled_start: at };
  const somebody = { scheduled_start: at } as Alternative;
  const later = { scheduled_start: '2026-12-07T10:00:00Z' } as Alternative;
  const found = (alternatives: Alternative[]) =>
    ({ occurrences: [{ ...taken, alternatives } as Occurrence] }) as SeriesPreview;
  expect([...freeDays(found([somebody]), true)]).toEqual(['2026-12-07']);
  expect([...freeDays(found([somebody]), false)]).toEqual([]);
  expect([...freeDays(found([later]), true)]).toEqual([]);
});
