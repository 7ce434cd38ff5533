import { expect, test } from 'vitest';

import type { Occurrence, SeriesRequest } from '../../api/types';

import { leaveOut, noChoices, type Choices } from './choices';
import { planOf, refreshPlan, acceptedRequestOf } from './plan';

const sam = 'sam';
const later = { scheduled_start: '2026-12-14T10:15:00Z', walker_id: sam, walker_name: 'Sam' };

function occurrence(date: string, outcome: Occurrence['outcome'], alternatives = [later]): Occurrence {
  return {
    date,
    time: '09:00',
    scheduled_start: `${date}T09:00:00Z`,
    scheduled_end: `${date}T10:00:00Z`,
    walker_id: sam,
    outcome,
    conflicts: [],
    alternatives: outcome === 'conflict' ? alternatives : [],
  };
}

const free = occurrence('2026-12-07', 'available');
const taken = occurrence('2026-12-14', 'conflict');
const tight = occurrence('2027-01-04', 'warning');
const instead: Choices = { instead: { [taken.date]: later }, leftOut: [] };
const request = { walker_id: null, weekdays: ['MO'] } as unknown as SeriesRequest;

test('a taken date is skipped and not paid for, a tight one is booked', () => {
  const plan = planOf([free, taken, tight], noChoices, 2000);
  expect(plan).toMatchObject({ made: 2, skipped: 1, price_cents: 4000 });
  expect(plan.lines.map((line) => line.state)).toEqual(['free', 'taken', 'tight']);
});

test('a chosen alternative is counted in', () => {
  const plan = planOf([free, taken], instead, 2000);
  expect(plan).toMatchObject({ made: 2, skipped: 0, price_cents: 4000 });
  expect(plan.lines[1]).toMatchObject({ state: 'chosen', instead: later });
});

test('a choice that is no longer offered does not count', () => {
  const plan = planOf([occurrence(taken.date, 'conflict', [])], instead, 2000);
  expect(plan.lines[0]).toMatchObject({ state: 'taken', instead: null });
});

test('a date that was left out is neither made nor paid for, free or not', () => {
  const plan = planOf([free, taken, tight], leaveOut(instead, [free.date, taken.date]), 2000);
  expect(plan.lines.map((line) => line.state)).toEqual(['left_out', 'left_out', 'tight']);
  expect(plan).toMatchObject({ made: 1, skipped: 0, leftOut: 2, price_cents: 2000 });
  expect(acceptedRequestOf(request, sam, plan)).toMatchObject({ accepted_dates: [tight.date], replacements: null });
});

test('after a refusal what was left out stays left out, and is no news', () => {
  const plan = planOf([free, tight], leaveOut(noChoices, [free.date]), 2000);
  const fresh = refreshPlan(plan, [{ ...free, outcome: 'conflict' }, tight]);
  expect(fresh.choices.leftOut).toEqual([free.date]);
  expect(fresh.newlyTaken.size).toBe(0);
});

test('when every date is free the whole rule is asked for', () => {
  const accepted = acceptedRequestOf(request, sam, planOf([free, tight], noChoices, 2000));
  expect(accepted).toMatchObject({ walker_id: sam, accepted_dates: null, replacements: null });
});

test('otherwise exactly the free dates are asked for, with the chosen alternatives', () => {
  const lost = occurrence('2026-12-21', 'conflict', []);
  const accepted = acceptedRequestOf(request, sam, planOf([free, taken, lost], instead, 2000));
  expect(accepted.accepted_dates).toEqual([free.date, taken.date]);
  expect(accepted.replacements).toEqual([
    { date: taken.date, scheduled_start: later.scheduled_start, walker_id: later.walker_id },
  ]);
});

test('after a refusal the dates that went meanwhile are shown as new conflicts', () => {
  const plan = planOf([free, taken], noChoices, 2000);
  const fresh = refreshPlan(plan, [{ ...free, outcome: 'conflict' }, taken]);
  expect([...fresh.newlyTaken]).toEqual([free.date]);
  expect(planOf(fresh.occurrences, fresh.choices, 2000, fresh.newlyTaken)).toMatchObject({ made: 0, skipped: 2 });
});

test('after a refusal an alternative that is still free stays chosen, at its own date', () => {
  const plan = planOf([free, taken], instead, 2000);
  const atItsTime = { ...taken, time: '10:15', outcome: 'available' as const, conflicts: [], alternatives: [] };
  const fresh = refreshPlan(plan, [{ ...free, outcome: 'conflict' }, atItsTime]);
  expect(fresh.choices).toEqual(instead);
  expect(fresh.occurrences[1]).toBe(taken);
});

test('after a refusal an alternative that has gone is neither chosen nor offered', () => {
  const plan = planOf([taken], instead, 2000);
  const fresh = refreshPlan(plan, [{ ...taken, time: '10:15' }]);
  expect(fresh.choices).toEqual(noChoices);
  expect(fresh.newlyTaken.has(taken.date)).toBe(true);
  expect(fresh.occurrences[0]).toMatchObject({ time: '09:00', alternatives: [] });
});
