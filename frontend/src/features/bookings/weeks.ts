import type { Booking } from '../../api/types';
import { groupBy } from '../../ui/group-by';
import { addDays, localDate, showDate, weekOf } from '../../words/dates';

export interface Week {
  /** Its Monday. */
  monday: string;
  bookings: Booking[];
}

/** Bookings by the week of their local day, in their order. */
export function byWeek(bookings: readonly Booking[], zone: string): Week[] {
  const weeks = groupBy(bookings, (booking) => weekOf(localDate(booking.scheduled_start, zone)));
  return [...weeks].map(([monday, its]) => ({ monday, bookings: its }));
}

/** "This week", "Next week" or "Week of Mon 14 Dec". */
export function showWeek(monday: string, today: string): string {
  const current = weekOf(today);
  if (monday === current) return 'This week';
  return monday === addDays(current, 7) ? 'Next week' : `Week of ${showDate(monday)}`;
}
