import { expect, test } from 'vitest';

import type { SeriesRequest } from '../../api/types';

import { isTyping } from './use-preview';

const wish: SeriesRequest = {
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
  expect(isTyping(wish, { ...wish, count: 5 })).toBe(true);
  expect(isTyping(wish, { ...wish, start_time: '10:00' })).toBe(true);
});

test('what is chosen is asked about at once, and so is the first wish', () => {
  expect(isTyping(wish, { ...wish, weekdays: ['MO', 'WE'] })).toBe(false);
  expect(isTyping(wish, { ...wish, walker_id: 'sam' })).toBe(false);
  expect(isTyping(wish, { ...wish, dog_ids: ['juno'], count: 5 })).toBe(false);
  expect(isTyping(null, wish)).toBe(false);
});
