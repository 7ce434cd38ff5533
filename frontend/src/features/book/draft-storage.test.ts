import { beforeEach, expect, test } from 'vitest';

import { noChoices } from './choices';
import { firstDraft, type Draft } from './draft';
import { dropBookedDraft, loadDraft, restoreDraft, saveDraft } from './draft-storage';
import { friday, options } from './example-options';

const draft: Draft = { ...firstDraft(friday, options), walkerId: 'sam' };

beforeEach(() => sessionStorage.clear());

test('alternatives and dates left out are kept through a reload', () => {
  const choices = { ...noChoices, leftOut: ['2026-12-14'] };
  saveDraft('ann', { ...draft, choices });
  expect(restoreDraft('ann', friday, options).draft.choices).toEqual(choices);
  expect(restoreDraft('bob', friday, options).draft.choices).toEqual(noChoices);
});

test('what somebody else wrote into the storage does no harm', () => {
  sessionStorage.setItem('packwalk.draft.ann', '{not json');
  expect(restoreDraft('ann', friday, options).draft).toEqual(firstDraft(friday, options));
});

test('the draft goes with its booking, and the next begins on a day that was not just booked', () => {
  saveDraft('ann', draft);
  dropBookedDraft('ann', draft);
  expect(restoreDraft('ann', friday, options).draft).toMatchObject({ startsOn: '2026-12-01', weekdays: ['TU'] });
});

test('after a single walk the next draft begins on another day than that walk’s', () => {
  const once = { ...draft, repeats: 'once' as const, startsOn: '2026-12-01', weekdays: ['MO' as const] };
  saveDraft('ann', once);
  dropBookedDraft('ann', once);
  expect(loadDraft('ann')).toEqual({ weekdays: ['MO'] });
});

test('another draft than the one that was booked is kept', () => {
  const another = { ...draft, startTime: '14:00' };
  saveDraft('ann', another);
  dropBookedDraft('ann', draft);
  expect(loadDraft('ann')).toEqual(another);
});
