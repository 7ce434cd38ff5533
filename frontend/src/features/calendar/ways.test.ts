import { describe, expect, it } from 'vitest';

import { tightInWords, wayInWords } from './ways';

const way = { duration_seconds: 661, buffer_seconds: 900, gap_seconds: 1100, estimated: false, tight: true };

describe('ways between visits', () => {
  it("say how long they take and how long there is, never rounded in one's favour", () => {
    expect(wayInWords(way)).toBe('12 min to travel, 18 min between');
  });
  it('say when the time is a guess', () => {
    expect(wayInWords({ ...way, estimated: true })).toBe('About 12 min to travel, 18 min between');
  });
  it('tell tight from impossible', () => {
    expect(tightInWords(way)).toBe('Tight: less than 15 min to spare');
    expect(tightInWords({ ...way, gap_seconds: 660 })).toBe('Not enough time to get there');
  });
});
