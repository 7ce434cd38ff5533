import type { CalendarBlock } from '../../api/types';
import { listed } from '../../words/count';
import { localDate } from '../../words/dates';

export interface DayOfBlocks {
  /** YYYY-MM-DD, local. */
  date: string;
  blocks: CalendarBlock[];
}

/** Blocks by the local day on which they begin, in their order. */
export function byDay(blocks: readonly CalendarBlock[], zone: string): DayOfBlocks[] {
  const days = new Map<string, CalendarBlock[]>();
  for (const block of blocks) {
    const date = localDate(block.starts_at, zone);
    days.set(date, [...(days.get(date) ?? []), block]);
  }
  return [...days].map(([date, its]) => ({ date, blocks: its }));
}

/** Whether any way's time is Google's, who then wants to be named. */
export const hasGoogleTravelTimes = (blocks: readonly CalendarBlock[]): boolean =>
  blocks.some((block) => block.travel_before?.estimated === false || block.travel_after?.estimated === false);

const kinds = { visit: 'Walk', group_walk: 'Group walk', meet_and_greet: 'Meet-and-greet', time_off: 'Time off' };

/** "Walk with Biscuit and Juno", or what else is taken. */
export function titleOf(block: CalendarBlock): string {
  const dogs = block.bookings.flatMap((booking) => booking.dog_names);
  return dogs.length ? `${kinds[block.kind]} with ${listed(dogs)}` : kinds[block.kind];
}
