import type { Alternative } from '../../api/types';
import { showTime } from '../../words/dates';

import type { PlanContext } from './plan';

/** "10:15", or "Sam at 09:00" where it is another walker than the one who was asked for. */
export function alternativeLabel(
  other: Alternative,
  zone: string,
  walkerId: string | null | undefined,
  shortName: (name: string) => string = (name) => name,
): string {
  const at = showTime(other.scheduled_start, zone);
  return other.walker_id === walkerId ? at : `${shortName(other.walker_name)} at ${at}`;
}

/** "with Priya, instead of Sam", "with Sam, instead of 09:00": a choice is told by what it changes. */
export function choiceWords(
  other: Alternative,
  time: string,
  { zone, walkerId, walkers, shortName }: PlanContext,
): string {
  const asked = walkers.find(({ id }) => id === walkerId)?.name;
  const isOther = asked !== undefined && other.walker_id !== walkerId;
  const left = showTime(other.scheduled_start, zone) === time ? [] : [time];
  if (isOther) left.push(left.length ? `with ${shortName(asked)}` : shortName(asked));
  return `with ${shortName(other.walker_name)}${left.length ? `, instead of ${left.join(' ')}` : ''}`;
}
