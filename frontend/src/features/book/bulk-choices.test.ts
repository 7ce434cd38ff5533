import { expect, test } from 'vitest';

import { addDays } from '../../words/dates';

import { noChoices } from './choices';
import { planContext, occurrence, plan } from './example-plan';
import { applyBulkChoice, restoreDates, suggestBulkChoices } from './bulk-choices';
import { groupByReason } from './common-reasons';
import { unresolvedLines } from './plan';

const day = (week: number) => addDays('2026-11-02', 7 * week);
/** Weeks from one to another that are taken, with what is offered instead. */
const weeks = (from: number, to: number, others: string[], cause: 'another_walk' | 'time_off' = 'another_walk') =>
  Array.from({ length: to - from }, (_, n) => occurrence(day(from + n), cause, others));

const words = (occurrences: ReturnType<typeof weeks>) =>
  suggestBulkChoices(plan(occurrences).lines, planContext).map((m) => m.words);

test('one press uses the same walker at the same time on every date that offers it', () => {
  const mixed = [...weeks(0, 14, ['Priya 09:00', 'Sam 12:00']), ...weeks(14, 19, ['Sam 10:45'])];
  expect(words(mixed)).toEqual(['Use Priya at 09:00 on 14', 'Move 5 to 10:45']);
});

test('of ways that mend equally many the one that keeps the time comes first', () => {
  expect(words(weeks(0, 3, ['Sam 08:00', 'Priya 09:00']))).toEqual(['Use Priya at 09:00 on 3']);
});

test('several walkers take turns where together they are free more often than any one', () => {
  const mixed = [...weeks(0, 4, ['Priya 09:00']), ...weeks(4, 6, ['Tom 09:00'])];
  const [first] = suggestBulkChoices(plan(mixed).lines, planContext);
  expect(first?.words).toBe('Keep the time with Priya and Tom on 6');
  expect(Object.values(first?.instead ?? {}).map((other) => other.walker_id)).toEqual([
    ...Array<string>(4).fill('Priya'),
    ...Array<string>(2).fill('Tom'),
  ]);
});

test('a way that mends a single date is left to its line, and decided dates are left alone', () => {
  expect(words([...weeks(0, 1, ['Priya 09:00']), ...weeks(1, 2, ['Sam 10:45'])])).toEqual([]);
  const lines = plan(weeks(0, 3, ['Priya 09:00']), { ...noChoices, leftOut: [day(0)] }).lines;
  expect(suggestBulkChoices(lines, planContext).map((m) => m.words)).toEqual(['Use Priya at 09:00 on 2']);
});

/** Small enough to look at every case: each of four dates offers any of three things, or not. */
const offers = ['Priya 09:00', 'Tom 09:00', 'Sam 10:45'];
const everyCase = Array.from({ length: 8 ** 4 }, (_, number) =>
  [0, 1, 2, 3].map((week) => {
    const bits = (number >> (3 * week)) & 7;
    return occurrence(
      day(week),
      'another_walk',
      offers.filter((_, bit) => bits & (1 << bit)),
    );
  }),
);

test('whatever is offered: a mend does what it says, on open dates, and with what is offered there', () => {
  for (const occurrences of everyCase) {
    const { lines } = plan(occurrences);
    const mends = suggestBulkChoices(lines, planContext);
    expect(mends.length).toBeLessThanOrEqual(3);
    for (const mend of mends) {
      const dates = Object.keys(mend.instead);
      expect(mend.words).toContain(String(dates.length));
      const after = plan(occurrences, applyBulkChoice(noChoices, mend));
      expect(after.made).toBe(dates.length);
      expect(after.made).toBeGreaterThan(1);
      expect(unresolvedLines(after.lines)).toHaveLength(4 - dates.length);
    }
  }
});

test('taking a mend back leaves alone what was decided since', () => {
  const before = { instead: {}, leftOut: [day(3)] };
  const [mend] = suggestBulkChoices(plan(weeks(0, 3, ['Priya 09:00'])).lines, planContext);
  if (!mend) throw new Error('there is nothing to take back');
  const since = { ...applyBulkChoice(before, mend), leftOut: [day(3), day(5)] };
  expect(restoreDates(since, before, Object.keys(mend.instead))).toEqual({ instead: {}, leftOut: [day(3), day(5)] });
});

test('equal reasons are one line, the commonest first, with who is free', () => {
  const mixed = [
    ...weeks(0, 2, [], 'time_off'),
    ...weeks(2, 6, ['Priya 09:00']),
    ...weeks(6, 8, ['Sam 10:45', 'Tom 09:00']),
  ];
  expect(groupByReason(plan(mixed).lines, planContext)).toEqual([
    { words: 'Sam is on another walk · 6 dates', freeWalker: 'Priya is free on 4' },
    { words: 'Sam is off that day · 2 dates', freeWalker: null },
  ]);
  expect(groupByReason(plan(weeks(0, 1, ['Priya 09:00'])).lines, planContext)).toMatchObject([
    { freeWalker: 'Priya is free' },
  ]);
});
