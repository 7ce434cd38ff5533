/** Which walks a cancellation is about. */

import type { Booking } from '../../api/types';

export type Scope = 'one' | 'following' | 'all';

/** The walks that would be cancelled, in time order: only those to come. */
export function cancelled(scope: Scope, booking: Booking, series: readonly Booking[], now: Date): Booking[] {
  if (scope === 'one') return [booking];
  const from = scope === 'following' ? booking.scheduled_start : '';
  return series.filter(
    (one) => one.status === 'scheduled' && one.scheduled_start >= from && new Date(one.scheduled_start) > now,
  );
}

/** Those that begin too soon to be cancelled free of charge. */
export const atShortNotice = (bookings: readonly Booking[], noticeHours: number, now: Date): Booking[] =>
  bookings.filter((one) => new Date(one.scheduled_start).getTime() - now.getTime() < noticeHours * 3_600_000);
