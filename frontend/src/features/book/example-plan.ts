/** A plan for the tests of this folder: London in winter, where the clocks are at UTC. */

import type { Alternative, Conflict, Occurrence, Walker } from '../../api/types';

import { noChoices, type Choices } from './choices';
import { planOf, type Plan, type PlanContext } from './plan';
import { shortNamesOf } from '../../ui/conflict-reasons';

export const walkers = (['Sam Okafor', 'Priya Nair', 'Tom Evans'] as const).map((name): Walker => ({
  id: name.split(' ')[0] ?? name,
  name,
  travel_mode: 'driving',
  working_hours: [{ weekday: 'MO', opens: '08:00', closes: '18:00' }],
  active: true,
}));

export const planContext: PlanContext = {
  zone: 'Europe/London',
  walkerId: 'Sam',
  walkers,
  shortName: shortNamesOf(walkers.map(({ name }) => name)),
};

/** "Priya 09:00" */
export function alternative(date: string, text: string): Alternative {
  const [who = '', at = ''] = text.split(' ');
  const name = walkers.find(({ id }) => id === who)?.name ?? who;
  return { scheduled_start: `${date}T${at}:00Z`, walker_id: who, walker_name: name };
}

export function conflict(cause: Conflict['cause'], more: Partial<Conflict> = {}): Conflict {
  return {
    reason: 'overlap',
    cause,
    severity: 'hard',
    message: 'Walker unavailable',
    walker_id: 'Sam',
    walker_name: 'Sam Okafor',
    own_booking: null,
    ...more,
  };
}

export function occurrence(date: string, cause: Conflict['cause'] | null = null, others: string[] = []): Occurrence {
  return {
    date,
    time: '09:00',
    scheduled_start: `${date}T09:00:00Z`,
    scheduled_end: `${date}T10:00:00Z`,
    walker_id: 'Sam',
    outcome: cause ? 'conflict' : 'available',
    conflicts: cause ? [conflict(cause)] : [],
    alternatives: others.map((text) => alternative(date, text)),
  };
}

export const plan = (occurrences: readonly Occurrence[], choices: Choices = noChoices): Plan =>
  planOf(occurrences, choices, 2000);
