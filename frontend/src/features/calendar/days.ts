import type { CalendarBlock } from '../../api/types';
import { groupBy } from '../../ui/group-by';
import { listed } from '../../words/count';
import { addDays, localDate, showDate, showTime } from '../../words/dates';

export interface DayOfBlocks {
  /** YYYY-MM-DD, local. */
  date: string;
  blocks: CalendarBlock[];
}

/** Blocks by the local day on which they begin, in their order. */
export function byDay(blocks: readonly CalendarBlock[], zone: string): DayOfBlocks[] {
  const days = groupBy(blocks, (block) => localDate(block.starts_at, zone));
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

const midnight = '00:00';
const day_ms = 86_400_000;

/** "09:00–10:00"; of whole days "All day" or "All day, until Sun 6 Dec". */
export function spanOf({ starts_at: starts, ends_at: ends }: CalendarBlock, zone: string): string {
  const [from, to] = [showTime(starts, zone), showTime(ends, zone)];
  const [first, last] = [localDate(starts, zone), localDate(ends, zone)];
  if (from === midnight && to === midnight) {
    const end = addDays(last, -1);
    return end === first ? 'All day' : `All day, until ${showDate(end)}`;
  }
  const isShort = Date.parse(ends) - Date.parse(starts) < day_ms;
  return isShort ? `${from}–${to}` : `From ${from} until ${showDate(last)}, ${to}`;
}
