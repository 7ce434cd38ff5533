/** Why a date does not work, in sentences that say who: the API speaks of "the walker", the page knows the name. */

import type { Conflict, Occurrence, Walker } from '../api/types';
import { listed } from '../words/count';
import { showTime, weekdayIndex } from '../words/dates';
import { showWeekday, weekdays } from '../words/weekdays';

/** What the words need to know besides the conflict. */
export interface ReasonContext {
  zone: string;
  walkers: readonly Walker[];
  /** What a walker is called for short. */
  shortName: (name: string) => string;
}

type Reasoned = Pick<Occurrence, 'date' | 'time' | 'scheduled_end'>;

/** "Sam is on another walk", "You already have Biscuit out with Priya at 09:30". */
export function reasonOf(conflict: Conflict, of: Reasoned, context: ReasonContext): string {
  const who = context.shortName(conflict.walker_name);
  switch (conflict.cause) {
    case 'another_walk':
      return `${who} is on another walk`;
    case 'time_off':
      return `${who} is off that day`;
    case 'not_a_working_day':
      return `${who} does not work on ${dayOf(of.date)}s`;
    case 'outside_hours':
      return outsideHours(conflict, who, of, context);
    case 'inactive':
      return `${who} takes no bookings at the moment`;
    case 'own_booking':
      return ownBooking(conflict, context);
    case 'same_series':
      return 'These dates overlap each other';
    case 'left_out':
      return 'You left this date out';
    case 'travel_time':
    case 'clock_change':
      return conflict.message.replace(/\b(the )?walker\b/i, who);
  }
}

/** The same for many dates at once: without what differs from one to the next. */
export const sharedReasonOf = (conflict: Conflict, of: Reasoned, context: ReasonContext): string =>
  conflict.cause === 'own_booking' ? 'You already have a walk then' : reasonOf(conflict, of, context);

const dayOf = (date: string): string => showWeekday(weekdays[weekdayIndex(date)] ?? 'MO');

/** "Sam starts at 08:00" where one end of the day is what is in the way, and all that can be said otherwise. */
function outsideHours(conflict: Conflict, who: string, of: Reasoned, { zone, walkers }: ReasonContext): string {
  const day = weekdays[weekdayIndex(of.date)];
  const hours = walkers.find(({ id }) => id === conflict.walker_id)?.working_hours ?? [];
  const its = hours.filter(({ weekday }) => weekday === day);
  const opens = its.map((one) => one.opens).sort()[0];
  const closes = its
    .map((one) => one.closes)
    .sort()
    .at(-1);
  if (opens && of.time < opens) return `${who} starts at ${opens}`;
  if (closes && showTime(of.scheduled_end, zone) > closes) return `${who} finishes at ${closes}`;
  return `Outside ${who}’s hours`;
}

function ownBooking({ own_booking: own }: Conflict, { zone, shortName }: ReasonContext): string {
  if (!own) return 'You already have a walk then';
  const dogs = listed(own.dog_names) || 'a dog';
  return `You already have ${dogs} out with ${shortName(own.walker_name)} at ${showTime(own.scheduled_start, zone)}`;
}

/** What walkers are called for short: the first name, or the whole one where two share the first. */
export function shortNamesOf(names: readonly string[]): (name: string) => string {
  const first = (name: string) => name.split(' ')[0] ?? name;
  const distinct = [...new Set(names)];
  return (name) => (distinct.filter((other) => first(other) === first(name)).length > 1 ? name : first(name));
}
