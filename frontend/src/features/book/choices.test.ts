import { expect, test } from 'vitest';

import { choose, leaveOut, noChoices, undo } from './choices';

const later = { scheduled_start: '2026-12-14T10:15:00Z', walker_id: 'sam', walker_name: 'Sam' };

test('a date that was left out is booked again when an alternative is chosen for it', () => {
  const choices = choose(leaveOut(noChoices, ['2026-12-14', '2026-12-21']), '2026-12-14', later);
  expect(choices).toEqual({ instead: { '2026-12-14': later }, leftOut: ['2026-12-21'] });
});

test('dates are left out once and in order', () => {
  const choices = leaveOut(leaveOut(noChoices, ['2026-12-21']), ['2026-12-14', '2026-12-21']);
  expect(choices.leftOut).toEqual(['2026-12-14', '2026-12-21']);
});

test('undoing brings back the rule’s own start on those dates alone', () => {
  const choices = leaveOut(choose(noChoices, '2026-12-14', later), ['2026-12-21', '2026-12-28']);
  expect(undo(choices, ['2026-12-14', '2026-12-21'])).toEqual({ instead: {}, leftOut: ['2026-12-28'] });
});
