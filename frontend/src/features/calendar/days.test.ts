import { describe, expect, it } from 'vitest';

import type { CalendarBlock } from '../../api/types';

import { spanOf } from './days';

const zone = 'Europe/London';
const span = (starts_at: string, ends_at: string) => spanOf({ starts_at, ends_at } as CalendarBlock, zone);

describe('the span of a block', () => {
  it('is from one time to the other, over midnight as well', () => {
    expect(span('2026-12-07T09:00:00Z', '2026-12-07T10:00:00Z')).toBe('09:00–10:00');
    expect(span('2026-12-07T23:30:00Z', '2026-12-08T00:30:00Z')).toBe('23:30–00:30');
  });
  it('of a whole day says so, also where the clocks change', () => {
    expect(span('2026-12-07T00:00:00Z', '2026-12-08T00:00:00Z')).toBe('All day');
    expect(span('2027-03-28T00:00:00Z', '2027-03-28T23:00:00Z')).toBe('All day');
  });
  it('of several days names the last one', () => {
    expect(span('2027-12-06T00:00:00Z', '2027-12-11T00:00:00Z')).toContain('All day, until Fri 10 Dec');
    expect(span('2027-12-06T12:00:00Z', '2027-12-08T10:00:00Z')).toMatch(/^From 12:00 until Wed 8 Dec.*, 10:00$/);
  });
});
