/** What would be made of the occurrences of a rule, with the alternatives that the customer chose. */

import type { Alternative, Occurrence, SeriesRequest } from '../../api/types';

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
  news: ReadonlySet<string> = new Set(),
): Plan {
  const lines = occurrences.map((occurrence): Line => {
    const isNew = news.has(occurrence.date);
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
export function requestOf(wish: SeriesRequest, walkerId: string, plan: Plan): SeriesRequest {
  const wanted = plan.lines.filter(({ state }) => state !== 'taken' && state !== 'left_out');
  const replacements = wanted.flatMap(({ occurrence, instead }) =>
    instead ? [{ date: occurrence.date, scheduled_start: instead.scheduled_start, walker_id: instead.walker_id }] : [],
  );
  const everything = wanted.length === plan.lines.length && replacements.length === 0;
  return {
    ...wish,
    walker_id: walkerId,
    accepted_dates: everything ? null : wanted.map((line) => line.occurrence.date),
    replacements: replacements.length ? replacements : null,
  };
}

export interface Fresh {
  occurrences: Occurrence[];
  choices: Choices;
  news: ReadonlySet<string>;
}

/**
 * Put the answer of a refused submission in the place of what was shown.
 *
 * A date for which an alternative was asked comes back at the alternative's time. Its own time stays what is shown; if the
 * alternative has gone, so has the choice, and it is offered no longer.
 */
export function refresh(plan: Plan, answered: readonly Occurrence[]): Fresh {
  const byDate = new Map(answered.map((occurrence) => [occurrence.date, occurrence]));
  const kept: Record<string, Alternative> = {};
  const news = new Set<string>();
  const occurrences = plan.lines.map(({ occurrence, state, instead }) => {
    const answer = byDate.get(occurrence.date);
    const gone = answer?.outcome === 'conflict';
    if (gone && state !== 'taken' && state !== 'left_out') news.add(occurrence.date);
    if (!instead) return answer ?? occurrence;
    if (!gone) {
      kept[occurrence.date] = instead;
      return occurrence;
    }
    return { ...occurrence, alternatives: occurrence.alternatives.filter((other) => !sameAlternative(other, instead)) };
  });
  const leftOut = plan.lines.filter((line) => line.state === 'left_out').map((line) => line.occurrence.date);
  return { occurrences, choices: { instead: kept, leftOut }, news };
}
