/** One decision for many dates: which alternatives work on several of them, and how to take that back. */

import type { Alternative } from '../../api/types';
import { listed } from '../../words/count';
import { showTime } from '../../words/dates';

import { choose, type Choices } from './choices';
import { isAtItsTime, unresolvedLines, type Line, type PlanContext } from './plan';

/** One decision for many dates. */
export interface BulkChoice {
  /** "Use Priya at 09:00 on 14". */
  words: string;
  /** What is booked instead, by date. */
  instead: Readonly<Record<string, Alternative>>;
}

const mostSuggestions = 3;

/**
 * What would mend the most dates, at most three: each mends two dates or more, and some that those before it do not.
 * The number in the words is how many dates it mends when it is pressed first.
 */
export function suggestBulkChoices(lines: readonly Line[], context: PlanContext): BulkChoice[] {
  const open = unresolvedLines(lines);
  let rest = [...sameTimeAnyWalker(open, context), ...sameWalkerAndTime(open, context)].filter(
    ({ dates }) => dates.length > 1,
  );
  const picked: Candidate[] = [];
  const covered = new Set<string>();
  while (picked.length < mostSuggestions) {
    const adds = ({ dates }: Candidate) => dates.filter((date) => !covered.has(date)).length;
    rest = rest.filter((one) => adds(one) > 0);
    const best = rest.reduce<Candidate | null>((a, b) => (a && adds(a) >= adds(b) ? a : b), null);
    if (!best) break;
    picked.push(best);
    best.dates.forEach((date) => covered.add(date));
  }
  return picked.map(({ words, instead }) => ({ words, instead }));
}

interface Candidate extends BulkChoice {
  dates: string[];
}

/** The same walker at the same hour on every date that offers it; those who keep the wanted time come first. */
function sameWalkerAndTime(lines: readonly Line[], { zone, walkerId, shortName }: PlanContext): Candidate[] {
  const found = new Map<
    string,
    { other: Alternative; at: string; keeps: boolean; instead: Record<string, Alternative> }
  >();
  for (const line of lines)
    for (const other of line.occurrence.alternatives) {
      const at = showTime(other.scheduled_start, zone);
      const key = `${other.walker_id} ${at}`;
      const group = found.get(key) ?? { other, at, keeps: isAtItsTime(line, other), instead: {} };
      group.instead[line.occurrence.date] ??= other;
      found.set(key, group);
    }
  return [...found.values()]
    .sort((a, b) => Number(b.keeps) - Number(a.keeps))
    .map(({ other, at, instead }) => {
      const dates = Object.keys(instead);
      const words =
        other.walker_id === walkerId
          ? `Move ${dates.length} to ${at}`
          : `Use ${shortName(other.walker_name)} at ${at} on ${dates.length}`;
      return { words, instead, dates };
    });
}

/** The wanted time with whoever is free, where no single walker is free as often. */
function sameTimeAnyWalker(lines: readonly Line[], { walkerId, shortName }: PlanContext): Candidate[] {
  const offered = lines.flatMap((line) => {
    const others = line.occurrence.alternatives.filter((o) => isAtItsTime(line, o) && o.walker_id !== walkerId);
    return others.length ? [{ date: line.occurrence.date, others }] : [];
  });
  const often = new Map<string, number>();
  for (const { others } of offered)
    for (const { walker_id } of others) often.set(walker_id, (often.get(walker_id) ?? 0) + 1);
  if (!offered.length || Math.max(...often.values()) === offered.length) return [];
  // Whoever is free most often takes all that they can: fewer faces for the dog.
  const instead = Object.fromEntries(
    offered.flatMap(({ date, others }) => {
      const [best] = [...others].sort((a, b) => (often.get(b.walker_id) ?? 0) - (often.get(a.walker_id) ?? 0));
      return best ? [[date, best] as const] : [];
    }),
  );
  const names = [...new Set(Object.values(instead).map(({ walker_name }) => shortName(walker_name)))];
  const dates = Object.keys(instead);
  return [{ words: `Keep the time with ${listed(names)} on ${dates.length}`, instead, dates }];
}

export const applyBulkChoice = (choices: Choices, { instead }: BulkChoice): Choices =>
  Object.entries(instead).reduce((so_far, [date, other]) => choose(so_far, date, other), choices);

/** Take back what was decided for these dates, and nothing else that was decided since. */
export function restoreDates(now: Choices, before: Choices, dates: readonly string[]): Choices {
  const those = new Set(dates);
  const kept = Object.entries(now.instead).filter(([date]) => !those.has(date));
  const back = Object.entries(before.instead).filter(([date]) => those.has(date));
  const leftOut = [
    ...now.leftOut.filter((date) => !those.has(date)),
    ...before.leftOut.filter((date) => those.has(date)),
  ];
  return { instead: Object.fromEntries([...kept, ...back]), leftOut: leftOut.sort() };
}
