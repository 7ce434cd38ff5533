/** Mending many dates at once: what works instead on several of them, and what several have in common. */

import type { Alternative } from '../../api/types';
import { counted, listed } from '../../words/count';
import { showTime } from '../../words/dates';

import { choose, type Choices } from './choices';
import type { Line } from './plan';
import { sharedReasonOf, type Known } from '../../ui/reasons';

/** One decision for many dates. */
export interface Mend {
  /** "Use Priya at 09:00 on 14". */
  words: string;
  /** What is booked instead, by date. */
  instead: Readonly<Record<string, Alternative>>;
}

export interface Asked extends Known {
  walkerId: string;
}

const most = 3;

/** The dates that cannot be booked as they stand, and for which nothing has been decided. */
export const openLines = (lines: readonly Line[]): Line[] => lines.filter(({ state }) => state === 'taken');

/**
 * What would mend the most dates, at most three: each mends two dates or more, and some that those before it do not.
 * The number in the words is how many dates it mends when it is pressed first.
 */
export function mendsOf(lines: readonly Line[], asked: Asked): Mend[] {
  const open = openLines(lines);
  let rest = [...withOthers(open, asked), ...alike(open, asked)].filter(({ dates }) => dates.length > 1);
  const picked: Candidate[] = [];
  const covered = new Set<string>();
  while (picked.length < most) {
    const adds = ({ dates }: Candidate) => dates.filter((date) => !covered.has(date)).length;
    rest = rest.filter((one) => adds(one) > 0);
    const best = rest.reduce<Candidate | null>((a, b) => (a && adds(a) >= adds(b) ? a : b), null);
    if (!best) break;
    picked.push(best);
    best.dates.forEach((date) => covered.add(date));
  }
  return picked.map(({ words, instead }) => ({ words, instead }));
}

interface Candidate extends Mend {
  dates: string[];
}

const isAtItsTime = (line: Line, other: Alternative): boolean =>
  other.scheduled_start === line.occurrence.scheduled_start;

/** The same walker at the same hour on every date that offers it; those who keep the wanted time come first. */
function alike(lines: readonly Line[], { zone, walkerId, call }: Asked): Candidate[] {
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
          : `Use ${call(other.walker_name)} at ${at} on ${dates.length}`;
      return { words, instead, dates };
    });
}

/** The wanted time with whoever is free, where no single walker is free as often. */
function withOthers(lines: readonly Line[], { walkerId, call }: Asked): Candidate[] {
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
  const names = [...new Set(Object.values(instead).map(({ walker_name }) => call(walker_name)))];
  const dates = Object.keys(instead);
  return [{ words: `Keep the time with ${listed(names)} on ${dates.length}`, instead, dates }];
}

export const mendWith = (choices: Choices, { instead }: Mend): Choices =>
  Object.entries(instead).reduce((so_far, [date, other]) => choose(so_far, date, other), choices);

/** Take back what was decided for these dates, and nothing else that was decided since. */
export function restore(now: Choices, before: Choices, dates: readonly string[]): Choices {
  const those = new Set(dates);
  const kept = Object.entries(now.instead).filter(([date]) => !those.has(date));
  const back = Object.entries(before.instead).filter(([date]) => those.has(date));
  const leftOut = [
    ...now.leftOut.filter((date) => !those.has(date)),
    ...before.leftOut.filter((date) => those.has(date)),
  ];
  return { instead: Object.fromEntries([...kept, ...back]), leftOut: leftOut.sort() };
}

/** Dates with one reason. */
export interface Common {
  /** "Tom does not work on Mondays · 52 dates". */
  words: string;
  /** "Priya is free on 46"; null where nobody else is free at that time on any of them. */
  way: string | null;
}

/** What stands in the way of the dates that are open, each reason once, the commonest first. */
export function reasonsInCommon(lines: readonly Line[], asked: Asked): Common[] {
  const groups = new Map<string, Line[]>();
  for (const line of openLines(lines)) {
    const hard = line.occurrence.conflicts.find(({ severity }) => severity === 'hard');
    const words = hard ? sharedReasonOf(hard, line.occurrence, asked) : 'Taken meanwhile';
    groups.set(words, [...(groups.get(words) ?? []), line]);
  }
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, its]) => ({ words: `${reason} · ${counted(its.length, 'date')}`, way: wayOut(its, asked) }));
}

function wayOut(lines: readonly Line[], { walkerId, call }: Asked): string | null {
  const often = new Map<string, number>();
  for (const line of lines)
    for (const other of line.occurrence.alternatives)
      if (isAtItsTime(line, other) && other.walker_id !== walkerId)
        often.set(other.walker_name, (often.get(other.walker_name) ?? 0) + 1);
  const [best] = [...often].sort(([, a], [, b]) => b - a);
  if (!best) return null;
  const [name, times] = best;
  if (lines.length === 1) return `${call(name)} is free`;
  return times === lines.length ? `${call(name)} is free on all` : `${call(name)} is free on ${times}`;
}
