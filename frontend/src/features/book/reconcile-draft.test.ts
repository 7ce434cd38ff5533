import { expect, test } from 'vitest';

import { firstDraft, type Draft } from './draft';
import { friday, options } from './example-options';
import { reconcile } from './reconcile-draft';

const draft: Draft = { ...firstDraft(friday, options), walkerId: 'sam' };

test('a draft of which everything can be chosen stays as it is', () => {
  expect(reconcile(draft, options, friday)).toEqual({ draft, changes: [] });
});

test('what has gone is dropped, and said of every choice', () => {
  const kept = { ...draft, dogIds: ['gone', 'biscuit'], serviceId: 'old', locationId: 'gone', walkerId: 'tom' };
  const { draft: left, changes } = reconcile(kept, options, friday);
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
  const { draft: moved, changes } = reconcile(kept, options, friday);
  expect(moved).toMatchObject({ startsOn: '2026-11-30', weekdays: ['MO'], until: '2026-12-14' });
  expect(changes).toEqual(['The first day that you had chosen is over. The walks begin on Mon 30 Nov 2026 now.']);
});

test('a first day of the same weekday is a week ahead: today’s hour may be over', () => {
  expect(reconcile({ ...draft, startsOn: '2026-11-20' }, options, friday).draft.startsOn).toBe('2026-12-04');
});
