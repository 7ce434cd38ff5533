/** What would be made of the occurrences of a rule, with the alternatives that the customer chose. */

import type { Alternative, Occurrence, SeriesRequest } from '../../api/types';

/** Chosen alternatives by the rule's date. */
export type Chosen = Readonly<Record<string, Alternative>>;

export type State = 'free' | 'tight' | 'taken' | 'chosen';

export interface Line {
  occurrence: Occurrence;
  state: State;
  /** What is booked instead; only of a chosen line. */
  instead: Alternative | null;
  /** Taken since the customer last looked. */
  isNew: boolean;
}

export interface Plan {
  lines: Line[];
  /** How many walks would be made. */
  made: number;
  skipped: number;
  price_cents: number;
}

const states = { available: 'free', warning: 'tight', conflict: 'taken' } as const;

const same = (a: Alternative, b: Alternative): boolean =>
  a.scheduled_start === b.scheduled_start && a.walker_id === b.walker_id;

/** Judge every occurrence. A chosen alternative counts only while it is still offered for its date. */
export function planOf(
  occurrences: readonly Occurrence[],
  chosen: Chosen,
  pricePerWalk: number,
  news: ReadonlySet<string> = new Set(),
): Plan {
  const lines = occurrences.map((occurrence): Line => {
    const wanted = chosen[occurrence.date];
    const instead = (wanted && occurrence.alternatives.find((other) => same(other, wanted))) ?? null;
    const isNew = news.has(occurrence.date);
    return instead
      ? { occurrence, state: 'chosen', instead, isNew }
      : { occurrence, state: states[occurrence.outcome], instead, isNew };
  });
  const skipped = lines.filter((line) => line.state === 'taken').length;
  const made = lines.length - skipped;
  return { lines, made, skipped, price_cents: made * pricePerWalk };
}

/** The request that books what the plan says: all of the rule, or exactly the dates that are free. */
export function requestOf(wish: SeriesRequest, walkerId: string, plan: Plan): SeriesRequest {
  const wanted = plan.lines.filter((line) => line.state !== 'taken');
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
  chosen: Chosen;
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
  const chosen: Record<string, Alternative> = {};
  const news = new Set<string>();
  const occurrences = plan.lines.map(({ occurrence, state, instead }) => {
    const answer = byDate.get(occurrence.date);
    const gone = answer?.outcome === 'conflict';
    if (gone && state !== 'taken') news.add(occurrence.date);
    if (!instead) return answer ?? occurrence;
    if (!gone) {
      chosen[occurrence.date] = instead;
      return occurrence;
    }
    return { ...occurrence, alternatives: occurrence.alternatives.filter((other) => !same(other, instead)) };
  });
  return { occurrences, chosen, news };
}

export interface Month {
  /** YYYY-MM */
  month: string;
  lines: Line[];
  taken: number;
  tight: number;
}

/** In order, with how many of its dates are taken and tight. */
export function byMonth(lines: readonly Line[]): Month[] {
  const months = new Map<string, Line[]>();
  for (const line of lines) {
    const month = line.occurrence.date.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), line]);
  }
  return [...months].map(([month, its]) => ({
    month,
    lines: its,
    taken: its.filter((line) => line.state === 'taken').length,
    tight: its.filter((line) => line.state === 'tight').length,
  }));
}
