import { beforeEach, expect, test } from 'vitest';

import type { SeriesRequest } from '../../api/types';

import { forgetKey, keyFor } from './submission';

const request = { service_id: 'walk', accepted_dates: null } as SeriesRequest;

beforeEach(() => sessionStorage.clear());

test('the same payload keeps its key, even after a reload', () => {
  expect(keyFor({ ...request })).toBe(keyFor({ ...request }));
});

test('another payload gets another key', () => {
  const first = keyFor(request);
  expect(keyFor({ ...request, accepted_dates: ['2026-12-07'] })).not.toBe(first);
});

test('once it was answered, the same payload is a new submission', () => {
  const first = keyFor(request);
  forgetKey();
  expect(keyFor(request)).not.toBe(first);
});

test('what somebody else wrote into the storage does no harm', () => {
  sessionStorage.setItem('packwalk.submission', '{not json');
  expect(keyFor(request)).toMatch(/^[0-9a-f-]{36}$/);
});
