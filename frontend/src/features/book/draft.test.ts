import { expect, test } from 'vitest';

import type { Dog, Location, Service } from '../../api/types';

import { firstDraft, missingIn, seriesRequestOf, startingOn, stillMissing } from './draft';

const walk = { id: 'walk', kind: 'walk', active: true } as Service;
const groupWalk = { id: 'group', kind: 'group_walk', active: true } as Service;
const home = { id: 'home', label: 'Home', address: '12 Elm Row', lat: 51.5, lng: -0.1 } as Location;
const biscuit = { id: 'biscuit', name: 'Biscuit' } as Dog;
const juno = { id: 'juno', name: 'Juno' } as Dog;
const options = { services: [groupWalk, walk], dogs: [biscuit], locations: [home], walkers: [] };
const wednesday = '2026-11-25';

test('a first draft is a month of Mondays from next week, with the only dog, walk and address chosen', () => {
  expect(seriesRequestOf(firstDraft(wednesday, options))).toEqual({
    service_id: 'walk',
    walker_id: null,
    location_id: 'home',
    dog_ids: ['biscuit'],
    starts_on: '2026-11-30',
    start_time: '09:00',
    weekdays: ['MO'],
    interval_weeks: 1,
    count: 4,
    until: null,
  });
});

test('who walks is asked where there are several dogs', () => {
  const draft = firstDraft(wednesday, { ...options, dogs: [biscuit, juno] });
  expect(seriesRequestOf(draft)).toBeNull();
  expect(Object.keys(missingIn(draft))).toEqual(['dog_ids']);
});

test('where the dates will stand it is said what is missing, one thing after the other', () => {
  const draft = firstDraft(wednesday, { ...options, dogs: [biscuit, juno], locations: [] });
  expect(stillMissing(draft)).toBe('Choose who walks with us to see which dates are free.');
  const who = { ...draft, dogIds: ['juno'] };
  expect(stillMissing(who)).toBe('Add the address where we pick up to see which dates are free.');
  const where = { ...who, locationId: 'home' };
  expect(stillMissing(where)).toBeNull();
  expect(stillMissing({ ...where, ends: 'until', until: '2026-11-01' })).toBe('The last day is before the first.');
});

test('nothing is asked of the server while a field is empty or no number', () => {
  const draft = firstDraft(wednesday, options);
  for (const part of [
    { startsOn: '' },
    { startTime: '' },
    { weekdays: [] },
    { repeats: 'custom' as const, every: '0' },
    { count: '1.5' },
    { count: '' },
  ])
    expect(seriesRequestOf({ ...draft, ...part })).toBeNull();
});

test('a last day before the first is said at the last day', () => {
  const draft = { ...firstDraft(wednesday, options), ends: 'until' as const, until: '2026-11-29' };
  expect(missingIn(draft)).toHaveProperty('until');
});

test('the weekday follows the first day until another is chosen', () => {
  const draft = firstDraft(wednesday, options);
  expect(startingOn(draft, '2026-12-03').weekdays).toEqual(['TH']);
  expect(startingOn({ ...draft, weekdays: ['MO', 'WE'] }, '2026-12-03').weekdays).toEqual(['MO', 'WE']);
});

test('the order in which dogs and days were chosen makes no other wish', () => {
  const draft = { ...firstDraft(wednesday, options), dogIds: ['b', 'a'], weekdays: ['WE', 'MO'] as const };
  expect(seriesRequestOf({ ...draft, weekdays: [...draft.weekdays] })).toMatchObject({
    dog_ids: ['a', 'b'],
    weekdays: ['MO', 'WE'],
  });
});

test('once is the first day alone, whatever the fields of a series hold', () => {
  const draft = {
    ...firstDraft(wednesday, options),
    repeats: 'once' as const,
    startsOn: '2026-12-03',
    weekdays: [],
    count: '',
  };
  expect(seriesRequestOf(draft)).toMatchObject({ weekdays: ['TH'], interval_weeks: 1, count: 1, until: null });
});

test('only a custom rhythm leaves weeks out', () => {
  const draft = { ...firstDraft(wednesday, options), every: '3' };
  expect(seriesRequestOf(draft)).toMatchObject({ interval_weeks: 1 });
  expect(seriesRequestOf({ ...draft, repeats: 'custom' })).toMatchObject({ interval_weeks: 3 });
});

test('more walks than a series may have are refused at their field', () => {
  const draft = { ...firstDraft(wednesday, options), count: '367' };
  expect(missingIn(draft)).toEqual({ count: 'Give a number of walks from 1 to 366.' });
});
