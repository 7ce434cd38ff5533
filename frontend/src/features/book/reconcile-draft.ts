/** A draft of which everything can still be chosen: what has gone since is dropped or moved, and named. */

import { addDays, showFullDate } from '../../words/dates';

import { bookable, startingOn, type Draft, type DraftOptions } from './draft';

export interface Reconciled {
  draft: Draft;
  /** What was dropped or moved, as sentences; empty when the draft stands as it was. */
  changes: string[];
}

/** A draft of which everything can still be chosen. today: YYYY-MM-DD in the organization's zone. */
export function reconcile(kept: Draft, options: DraftOptions, today: string): Reconciled {
  const parts = [
    withDogs(kept, options),
    withService(kept, options),
    withLocation(kept, options),
    withWalker(kept, options),
    withDays(kept, today),
  ];
  const changed = parts.filter((part) => part !== null);
  if (!changed.length) return { draft: kept, changes: [] };
  return {
    draft: Object.assign({ ...kept }, ...changed.map(([part]) => part)) as Draft,
    changes: changed.map(([, words]) => words),
  };
}

type Part = [Partial<Draft>, string] | null;

function withDogs({ dogIds }: Draft, { dogs }: DraftOptions): Part {
  const left = dogIds.filter((id) => dogs.some((dog) => dog.id === id));
  if (left.length === dogIds.length) return null;
  return [{ dogIds: left }, 'A dog that you had chosen is no longer on your list.'];
}

function withService({ serviceId }: Draft, { services }: DraftOptions): Part {
  const walks = bookable(services);
  if (walks.some(({ id }) => id === serviceId) || (!serviceId && !walks.length)) return null;
  const name = services.find(({ id }) => id === serviceId)?.name ?? 'The walk that you had chosen';
  const first = walks[0];
  const instead = first ? ` ${first.name} is chosen instead.` : '';
  return [{ serviceId: first?.id ?? '' }, `${name} is no longer offered.${instead}`];
}

function withLocation({ locationId }: Draft, { locations }: DraftOptions): Part {
  if (locations.some(({ id }) => id === locationId) || (!locationId && !locations.length)) return null;
  const first = locations[0];
  const instead = first ? ` ${first.label} is chosen instead.` : '';
  return [{ locationId: first?.id ?? '' }, `The address that you had chosen is no longer on your list.${instead}`];
}

function withWalker({ walkerId }: Draft, { walkers }: DraftOptions): Part {
  if (!walkerId || walkers.some(({ id }) => id === walkerId)) return null;
  const words = 'The walker that you had chosen takes no bookings at the moment. “Any of ours” is chosen instead.';
  return [{ walkerId: '' }, words];
}

/** A first day that is over moves to the next possible one, and a last day with it. */
function withDays(kept: Draft, today: string): Part {
  if (!kept.startsOn || kept.startsOn >= today) return null;
  const weeks = Math.ceil(daysBetween(kept.startsOn, today) / 7);
  // The same day of the week, a day ahead at least: today's hour may be over.
  const same = addDays(kept.startsOn, 7 * weeks);
  const startsOn = same > today ? same : addDays(same, 7);
  const until =
    kept.until && kept.until < startsOn ? addDays(kept.until, daysBetween(kept.startsOn, startsOn)) : kept.until;
  const { weekdays: days } = startingOn(kept, startsOn);
  return [
    { startsOn, until, weekdays: days },
    `The first day that you had chosen is over. The walks begin on ${showFullDate(startsOn)} now.`,
  ];
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
