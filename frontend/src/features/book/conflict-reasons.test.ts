import { expect, test } from 'vitest';

import type { Conflict } from '../../api/types';

import { planContext, conflict, occurrence } from './example-plan';
import { shortNamesOf, reasonOf, sharedReasonOf } from '../../ui/conflict-reasons';

const monday = occurrence('2026-12-14');

const biscuit = {
  id: 'b',
  dog_names: ['Biscuit', 'Juno'],
  walker_name: 'Priya Nair',
  scheduled_start: '2026-12-14T09:30:00Z',
  scheduled_end: '2026-12-14T10:30:00Z',
};

const sentences: [Conflict['cause'], Partial<Conflict>, string][] = [
  ['another_walk', {}, 'Sam is on another walk'],
  ['time_off', {}, 'Sam is off that day'],
  ['not_a_working_day', {}, 'Sam does not work on Mondays'],
  ['inactive', {}, 'Sam takes no bookings at the moment'],
  ['own_booking', { own_booking: biscuit }, 'You already have Biscuit and Juno out with Priya at 09:30'],
  ['own_booking', {}, 'You already have a walk then'],
  ['same_series', {}, 'These dates overlap each other'],
  ['travel_time', { message: 'Walker cannot get here in time' }, 'Sam cannot get here in time'],
  [
    'travel_time',
    { message: 'Little time for the walker to get here', severity: 'warning' },
    'Little time for Sam to get here',
  ],
  ['clock_change', { message: 'The clocks change that night' }, 'The clocks change that night'],
  ['left_out', {}, 'You left this date out'],
];

test.each(sentences)('%s is said with its subject', (cause, more, words) => {
  expect(reasonOf(conflict(cause, more), monday, planContext)).toBe(words);
});

test('outside of the hours the page says where they begin or end', () => {
  const at = (time: string, ends: string) =>
    reasonOf(conflict('outside_hours'), { ...monday, time, scheduled_end: `2026-12-14T${ends}:00Z` }, planContext);
  expect(at('07:00', '08:00')).toBe('Sam starts at 08:00');
  expect(at('17:30', '18:30')).toBe('Sam finishes at 18:00');
  expect(at('12:00', '13:00')).toBe('Outside Sam’s hours');
});

test('one’s own walks at different times are one reason of many dates', () => {
  expect(sharedReasonOf(conflict('own_booking', { own_booking: biscuit }), monday, planContext)).toBe(
    'You already have a walk then',
  );
});

test('walkers go by their first names, unless two share one', () => {
  const call = shortNamesOf(['Sam Okafor', 'Sam Brown', 'Priya Nair']);
  expect(['Sam Okafor', 'Sam Brown', 'Priya Nair'].map(call)).toEqual(['Sam Okafor', 'Sam Brown', 'Priya']);
});
