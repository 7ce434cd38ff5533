/** Why the unresolved dates cannot be booked, each reason once. */

import { sharedReasonOf } from '../../ui/conflict-reasons';
import { groupBy } from '../../ui/group-by';
import { counted } from '../../words/count';

import { isAtItsTime, unresolvedLines, type Line, type PlanContext } from './plan';

/** Dates with one reason. */
export interface ReasonGroup {
  /** "Tom does not work on Mondays · 52 dates". */
  words: string;
  /** "Priya is free on 46"; null where nobody else is free at that time on any of them. */
  freeWalker: string | null;
}

/** What stands in the way of the dates that are open, each reason once, the commonest first. */
export function groupByReason(lines: readonly Line[], context: PlanContext): ReasonGroup[] {
  const groups = groupBy(unresolvedLines(lines), (line) => sharedWords(line, context));
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, its]) => ({
      words: `${reason} · ${counted(its.length, 'date')}`,
      freeWalker: freeWalkerWords(its, context),
    }));
}

function sharedWords({ occurrence }: Line, context: PlanContext): string {
  const hard = occurrence.conflicts.find(({ severity }) => severity === 'hard');
  return hard ? sharedReasonOf(hard, occurrence, context) : 'Taken meanwhile';
}

function freeWalkerWords(lines: readonly Line[], { walkerId, shortName }: PlanContext): string | null {
  const often = new Map<string, number>();
  for (const line of lines)
    for (const other of line.occurrence.alternatives)
      if (isAtItsTime(line, other) && other.walker_id !== walkerId)
        often.set(other.walker_name, (often.get(other.walker_name) ?? 0) + 1);
  const [best] = [...often].sort(([, a], [, b]) => b - a);
  if (!best) return null;
  const [name, times] = best;
  if (lines.length === 1) return `${shortName(name)} is free`;
  return times === lines.length ? `${shortName(name)} is free on all` : `${shortName(name)} is free on ${times}`;
}
