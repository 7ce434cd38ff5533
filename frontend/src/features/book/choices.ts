/** What the customer decided date by date: another start or walker, or no walk at all. Plain JSON, so that a draft can keep it. */

import type { Alternative, Occurrence } from '../../api/types';

/** By the rule's own dates, YYYY-MM-DD. */
export interface Choices {
  /** What is booked in place of the rule's start. */
  instead: Readonly<Record<string, Alternative>>;
  /** Dates without a walk, in order; they win over `instead`. */
  leftOut: readonly string[];
}

export const noChoices: Choices = { instead: {}, leftOut: [] };

export const sameAlternative = (a: Alternative, b: Alternative): boolean =>
  a.scheduled_start === b.scheduled_start && a.walker_id === b.walker_id;

/** Book an alternative on a date; a date that was left out is booked again by that. */
export const choose = (choices: Choices, date: string, other: Alternative): Choices => ({
  instead: { ...choices.instead, [date]: other },
  leftOut: choices.leftOut.filter((day) => day !== date),
});

export const leaveOut = (choices: Choices, dates: readonly string[]): Choices => ({
  ...choices,
  leftOut: [...new Set([...choices.leftOut, ...dates])].sort(),
});

/** Back to the rule's own start on these dates. */
export const undo = (choices: Choices, dates: readonly string[]): Choices => ({
  instead: Object.fromEntries(Object.entries(choices.instead).filter(([date]) => !dates.includes(date))),
  leftOut: choices.leftOut.filter((date) => !dates.includes(date)),
});

export interface LostChoice {
  date: string;
  was: Alternative;
}

/** The chosen alternatives that are offered no longer on the dates of these occurrences. */
export const lostChoices = ({ instead }: Choices, occurrences: readonly Occurrence[]): LostChoice[] =>
  occurrences.flatMap(({ date, alternatives }) => {
    const was = instead[date];
    return was && !alternatives.some((other) => sameAlternative(other, was)) ? [{ date, was }] : [];
  });
