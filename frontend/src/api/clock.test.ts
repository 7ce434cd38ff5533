import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { compareClocks, serverNow } from './clock';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-28T00:00:00Z') });
});

afterEach(() => {
  compareClocks(new Date().toUTCString());
  vi.useRealTimers();
});

test('a device whose clock is off goes by the server', () => {
  compareClocks('Fri, 27 Nov 2026 18:00:00 GMT');
  vi.advanceTimersByTime(5_000);
  expect(serverNow().toISOString()).toBe('2026-11-27T18:00:05.000Z');
});

test('what an answer takes on its way moves no clock', () => {
  compareClocks('Fri, 27 Nov 2026 23:59:40 GMT');
  expect(serverNow().toISOString()).toBe('2026-11-28T00:00:00.000Z');
});

test('an answer without a time changes nothing', () => {
  compareClocks('Fri, 27 Nov 2026 18:00:00 GMT');
  compareClocks(null);
  compareClocks('yesterday');
  expect(serverNow().toISOString()).toBe('2026-11-27T18:00:00.000Z');
});
