/** What would be made of the occurrences of a rule, with the alternatives that the customer chose. */

import type { Alternative, Occurrence, SeriesRequest } from '../../api/types';
import type { ReasonContext } from '../../ui/conflict-reasons';

import { sameAlternative, type Choices } from './choices';

export type State = 'free' | 'tight' | 'taken' | 'chosen' | 'left_out';

export interface Line {
  occurrence: Occurrence;
  state: State;
  /** What is booked instead; only of a chosen line. */
  instead: Alternative | null;
  /** Taken since the customer last looked. */
  isNew: boolean;
}

/** Whether two lines look alike: nothing of one has to be drawn again for the other. */
export const sameLine = (a: Line, b: Line | undefined): boolean =>
  a.occurrence === b?.occurrence && a.state === b.state && a.instead === b.instead && a.isNew === b.isNew;

/** The dates that cannot be booked as they stand, and for which nothing has been decided. */
export const unresolvedLines = (lines: readonly Line[]): Line[] => lines.filter(({ state }) => state === 'taken');

/** Whether an alternative keeps the wanted time: it is another walker. */
export const isAtItsTime = (line: Line, other: Alternative): boolean =>
  other.scheduled_start === line.occurrence.scheduled_start;

/** What the words about a plan need to know: the walker it is made for, besides what a reason needs. */
export interface PlanContext extends ReasonContext {
  walkerId: string;
}

export interface Plan {
  lines: Line[];
  /** How many walks would be made. */
  made: number;
  /** How many dates are taken; those that the customer left out are counted apart. */
  skipped: number;
  leftOut: number;
  price_cents: number;
}

const states = { available: 'free', warning: 'tight', conflict: 'taken' } as const;

/** Judge every occurrence. A chosen alternative counts only while it is still offered for its date. */
export function planOf(
  occurrences: readonly Occurrence[],
  choices: Choices,
  pricePerWalk: number,
  newlyTaken: ReadonlySet<string> = new Set(),
): Plan {
  const lines = occurrences.map((occurrence): Line => {
    const isNew = newlyTaken.has(occurrence.date);
    if (choices.leftOut.includes(occurrence.date)) return { occurrence, state: 'left_out', instead: null, isNew };
    const wanted = choices.instead[occurrence.date];
    const instead = (wanted && occurrence.alternatives.find((other) => sameAlternative(other, wanted))) ?? null;
    return { occurrence, state: instead ? 'chosen' : states[occurrence.outcome], instead, isNew };
  });
  const counts = (state: State) => lines.filter((line) => line.state === state).length;
  const [skipped, leftOut] = [counts('taken'), counts('left_out')];
  const made = lines.length - skipped - leftOut;
  return { lines, made, skipped, leftOut, price_cents: made * pricePerWalk };
}

/** The request that books what the plan says: all of the rule, or exactly the dates that are free. */
export function acceptedRequestOf(request: SeriesRequest, walkerId: string, plan: Plan): SeriesRequest {
  const wanted = plan.lines.filter(({ state }) => state !== 'taken' && state !== 'left_out');
  const replacements = wanted.flatMap(({ occurrence, instead }) =>
    instead ? [{ date: occurrence.date, scheduled_start: instead.scheduled_start, walker_id: instead.walker_id }] : [],
  );
  const everything = wanted.length === plan.lines.length && replacements.length === 0;
  return {
    ...request,
    walker_id: walkerId,
    accepted_dates: everything ? null : wanted.map((line) => line.occurrence.date),
    replacements: replacements.length ? replacements : null,
  };
}

export interface RefreshedPlan {
  occurrences: Occurrence[];
  choices: Choices;
  newlyTaken: ReadonlySet<string>;
}

/**
 * Put the answer of a refused submission in the place of what was shown.
 *
 * A date for which an alternative was asked comes back at the alternative's time. Its own time stays what is shown; if the
 * alternative has gone, so has the choice, and it is offered no longer.
 */
export function refreshPlan(plan: Plan, answered: readonly Occurrence[]): RefreshedPlan {
  const byDate = new Map(answered.map((occurrence) => [occurrence.date, occurrence]));
  const kept: Record<string, Alternative> = {};
  const newlyTaken = new Set<string>();
  const occurrences = plan.lines.map(({ occurrence, state, instead }) => {
    const answer = byDate.get(occurrence.date);
    const gone = answer?.outcome === 'conflict';
    if (gone && state !== 'taken' && state !== 'left_out') newlyTaken.add(occurrence.date);
    if (!instead) return answer ?? occurrence;
    if (!gone) {
      kept[occurrence.date] = instead;
      return occurrence;
    }
    return { ...occurrence, alternatives: occurrence.alternatives.filter((other) => !sameAlternative(other, instead)) };
  });
  const leftOut = plan.lines.filter((line) => line.state === 'left_out').map((line) => line.occurrence.date);
  return { occurrences, choices: { instead: kept, leftOut }, newlyTaken };
}
