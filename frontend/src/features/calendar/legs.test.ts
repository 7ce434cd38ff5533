import { describe, expect, it } from 'vitest';

import { legWords, tightLegWords } from './legs';

const leg = { duration_seconds: 661, buffer_seconds: 900, gap_seconds: 1100, estimated: false, tight: true };

describe('ways between visits', () => {
  it("say how long they take and how long there is, never rounded in one's favour", () => {
    expect(legWords(leg)).toBe('12 min to travel, 18 min between');
  });
  it('say when the time is a guess', () => {
    expect(legWords({ ...leg, estimated: true })).toBe('About 12 min to travel, 18 min between');
  });
  it('tell tight from impossible', () => {
    expect(tightLegWords(leg)).toBe('Tight: less than 15 min to spare');
    expect(tightLegWords({ ...leg, gap_seconds: 660 })).toBe('Not enough time to get there');
  });
});
