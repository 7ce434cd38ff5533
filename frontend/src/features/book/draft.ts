/** What a customer has filled in so far: everything as it is typed, complete or not. */

import type { Dog, Location, SeriesRequest, Service, Walker, Weekday } from '../../api/types';
import { addDays, weekdayIndex } from '../../words/dates';
import { inOrder, weekdays } from '../../words/weekdays';

import { noChoices, type Choices } from './choices';

export interface Draft {
  dogIds: string[];
  serviceId: string;
  locationId: string;
  /** '' is "Any of ours". */
  walkerId: string;
  startsOn: string;
  startTime: string;
  /** `once` books the first day alone, whatever the fields of the others hold. */
  repeats: 'once' | 'weekly' | 'custom';
  weekdays: Weekday[];
  /** Of `custom`: every so many weeks. */
  every: string;
  ends: 'count' | 'until';
  count: string;
  until: string;
  choices: Choices;
}

export type DraftErrors = Record<string, string>;

/** What the form chooses from. */
export interface DraftOptions {
  services: readonly Service[];
  walkers: readonly Walker[];
  dogs: readonly Dog[];
  locations: readonly Location[];
}

/** A month of weekly walks from next Monday on, with everything chosen where there is nothing to choose. */
export function firstDraft(today: string, options: DraftOptions): Draft {
  const monday = addDays(today, 7 - weekdayIndex(today));
  return {
    dogIds: options.dogs.length === 1 ? options.dogs.map((dog) => dog.id) : [],
    serviceId: bookable(options.services)[0]?.id ?? '',
    locationId: options.locations[0]?.id ?? '',
    walkerId: '',
    startsOn: monday,
    startTime: '09:00',
    repeats: 'weekly',
    weekdays: ['MO'],
    every: '1',
    ends: 'count',
    count: '4',
    until: addDays(monday, 27),
    choices: noChoices,
  };
}

/** What this form books, the cheapest first; group walks and meet-and-greets are booked in another way. */
export const bookable = (services: readonly Service[]): Service[] =>
  services
    .filter((service) => service.active && service.kind === 'walk')
    .sort((one, other) => one.price_cents - other.price_cents);

/** Another first day; the weekday follows it as long as it was the only one. */
export function startingOn(draft: Draft, startsOn: string): Draft {
  const followed = draft.weekdays.length === 1 && draft.weekdays[0] === weekdayOf(draft.startsOn);
  const day = weekdayOf(startsOn);
  return { ...draft, startsOn, weekdays: followed && day ? [day] : draft.weekdays };
}

const weekdayOf = (date: string): Weekday | undefined => (date ? weekdays[weekdayIndex(date)] : undefined);

/** The last day that a series may have is so many walks away; the server allows no more. */
const maxWalks = 366;

const lastBeforeFirst = 'The last day is before the first.';

/** What to fill in before anything can be asked, by the API's field names. */
export function missingIn(draft: Draft): DraftErrors {
  const missing: DraftErrors = {};
  if (!draft.dogIds.length) missing.dog_ids = 'Choose who walks with us.';
  if (!draft.serviceId) missing.service_id = 'Choose a walk.';
  if (!draft.locationId) missing.location_id = 'Add the address where we pick up.';
  if (!draft.startsOn) missing.starts_on = 'Choose the first day.';
  if (!draft.startTime) missing.start_time = 'Choose a time.';
  return draft.repeats === 'once' ? missing : { ...missing, ...missingInRecurrence(draft) };
}

function missingInRecurrence(draft: Draft): DraftErrors {
  const missing: DraftErrors = {};
  if (!draft.weekdays.length) missing.weekdays = 'Choose at least one day of the week.';
  if (draft.repeats === 'custom' && !isCount(draft.every)) missing.interval_weeks = 'Choose a number of weeks.';
  if (draft.ends === 'count' && !isCount(draft.count)) missing.count = `Give a number of walks from 1 to ${maxWalks}.`;
  if (draft.ends === 'until' && !draft.until) missing.until = 'Choose the last day.';
  if (draft.ends === 'until' && draft.until && draft.until < draft.startsOn) missing.until = lastBeforeFirst;
  return missing;
}

const isCount = (text: string): boolean => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= maxWalks;

/** What to do first, so that the dates can be looked up; null where nothing is missing. */
export function stillMissing(draft: Draft): string | null {
  const [first] = Object.values(missingIn(draft));
  if (!first) return null;
  return first === lastBeforeFirst ? first : first.replace(/\.$/, ' to see which dates are free.');
}

/** The question that a complete draft asks; null while something is missing. */
export function seriesRequestOf(draft: Draft): SeriesRequest | null {
  if (Object.keys(missingIn(draft)).length) return null;
  return {
    service_id: draft.serviceId,
    walker_id: draft.walkerId || null,
    location_id: draft.locationId,
    dog_ids: [...draft.dogIds].sort(),
    starts_on: draft.startsOn,
    start_time: draft.startTime,
    ...recurrenceOf(draft),
  };
}

function recurrenceOf(draft: Draft): Pick<SeriesRequest, 'weekdays' | 'interval_weeks' | 'count' | 'until'> {
  if (draft.repeats === 'once') {
    const day = weekdayOf(draft.startsOn);
    return { weekdays: day ? [day] : [], interval_weeks: 1, count: 1, until: null };
  }
  return {
    weekdays: inOrder(draft.weekdays),
    interval_weeks: draft.repeats === 'custom' ? Number(draft.every) : 1,
    count: draft.ends === 'count' ? Number(draft.count) : null,
    until: draft.ends === 'until' ? draft.until : null,
  };
}
