import { beforeEach, expect, test } from 'vitest';

import type { Dog, Location, Service, Walker } from '../../api/types';

import { noChoices } from './choices';
import { firstDraft, type Draft } from './draft';
import { draftBooked, keepDraft, keptDraft, reconcile, restored, type Choosable } from './kept-draft';

const offered: Choosable = {
  services: [
    { id: 'walk', name: 'Short walk', kind: 'walk', active: true, price_cents: 1000 },
    { id: 'old', name: 'Old walk', kind: 'walk', active: false, price_cents: 500 },
  ] as Service[],
  dogs: [{ id: 'biscuit', name: 'Biscuit' }] as Dog[],
  locations: [{ id: 'home', label: 'Home' }] as Location[],
  walkers: [{ id: 'sam', name: 'Sam' }] as Walker[],
};
const friday = '2026-11-27';
const draft: Draft = { ...firstDraft(friday, offered), walkerId: 'sam' };

beforeEach(() => sessionStorage.clear());

test('a draft of which everything can be chosen stays as it is', () => {
  expect(reconcile(draft, offered, friday)).toEqual({ draft, changes: [] });
});

test('what has gone is dropped, and said of every choice', () => {
  const kept = { ...draft, dogIds: ['gone', 'biscuit'], serviceId: 'old', locationId: 'gone', walkerId: 'tom' };
  const { draft: left, changes } = reconcile(kept, offered, friday);
  expect(left).toMatchObject({ dogIds: ['biscuit'], serviceId: 'walk', locationId: 'home', walkerId: '' });
  expect(changes).toEqual([
    'A dog that you had chosen is no longer on your list.',
    'Old walk is no longer offered. Short walk is chosen instead.',
    'The address that you had chosen is no longer on your list. Home is chosen instead.',
    'The walker that you had chosen takes no bookings at the moment. “Any of ours” is chosen instead.',
  ]);
});

test('a draft of an older day comes back with the next possible first day, and its last day after that', () => {
  const kept = {
    ...draft,
    startsOn: '2026-11-09',
    weekdays: ['MO' as const],
    ends: 'until' as const,
    until: '2026-11-23',
  };
  const { draft: moved, changes } = reconcile(kept, offered, friday);
  expect(moved).toMatchObject({ startsOn: '2026-11-30', weekdays: ['MO'], until: '2026-12-14' });
  expect(changes).toEqual(['The first day that you had chosen is over. The walks begin on Mon 30 Nov 2026 now.']);
});

test('a first day of the same weekday is a week ahead: today’s hour may be over', () => {
  expect(reconcile({ ...draft, startsOn: '2026-11-20' }, offered, friday).draft.startsOn).toBe('2026-12-04');
});

test('alternatives and dates left out are kept through a reload', () => {
  const choices = { ...noChoices, leftOut: ['2026-12-14'] };
  keepDraft('ann', { ...draft, choices });
  expect(restored('ann', friday, offered).draft.choices).toEqual(choices);
  expect(restored('bob', friday, offered).draft.choices).toEqual(noChoices);
});

test('what somebody else wrote into the storage does no harm', () => {
  sessionStorage.setItem('packwalk.draft.ann', '{not json');
  expect(restored('ann', friday, offered).draft).toEqual(firstDraft(friday, offered));
});

test('the draft goes with its booking, and the next begins on a day that was not just booked', () => {
  keepDraft('ann', draft);
  draftBooked('ann', draft);
  expect(restored('ann', friday, offered).draft).toMatchObject({ startsOn: '2026-12-01', weekdays: ['TU'] });
});

test('after a single walk the next draft begins on another day than that walk’s', () => {
  const once = { ...draft, repeats: 'once' as const, startsOn: '2026-12-01', weekdays: ['MO' as const] };
  keepDraft('ann', once);
  draftBooked('ann', once);
  expect(keptDraft('ann')).toEqual({ weekdays: ['MO'] });
});

test('another draft than the one that was booked is kept', () => {
  const another = { ...draft, startTime: '14:00' };
  keepDraft('ann', another);
  draftBooked('ann', draft);
  expect(keptDraft('ann')).toEqual(another);
});
