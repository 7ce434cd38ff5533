import type { Booking, Series } from '../../api/types';

/** A rule of one date repeats nothing: its walk is a single walk for people, however it was booked. */
export const isSingleWalk = ({ rule }: Pick<Series, 'rule'>): boolean => rule.count === 1;

/** The bookings, of which those of a rule with one date belong to no series. */
export function withSingleWalks(bookings: readonly Booking[], series: readonly Series[]): Booking[] {
  const single = new Set(series.filter(isSingleWalk).map(({ id }) => id));
  return bookings.map((one) => (one.series_id && single.has(one.series_id) ? { ...one, series_id: null } : one));
}
