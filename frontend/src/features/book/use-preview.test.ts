import { expect, test } from 'vitest';

import type { SeriesRequest } from '../../api/types';

import { isTyping } from './use-preview';

const request: SeriesRequest = {
  service_id: 'walk',
  walker_id: null,
  location_id: 'home',
  dog_ids: ['biscuit'],
  starts_on: '2026-12-07',
  start_time: '09:00',
  weekdays: ['MO'],
  interval_weeks: 1,
  count: 52,
  until: null,
};

test('what is typed waits for the next key', () => {
  expect(isTyping(request, { ...request, count: 5 })).toBe(true);
  expect(isTyping(request, { ...request, start_time: '10:00' })).toBe(true);
});

test('what is chosen is asked about at once, and so is the first wish', () => {
  expect(isTyping(request, { ...request, weekdays: ['MO', 'WE'] })).toBe(false);
  expect(isTyping(request, { ...request, walker_id: 'sam' })).toBe(false);
  expect(isTyping(request, { ...request, dog_ids: ['juno'], count: 5 })).toBe(false);
  expect(isTyping(null, request)).toBe(false);
});
