/** Which walks a cancellation is about, and what it comes to. */

import { cancelBooking, restoreBooking } from '../../api/bookings';
import { cancelSeries, restoreSeries } from '../../api/series';
import type { Booking } from '../../api/types';
import { counted } from '../../words/count';
import { localDate } from '../../words/dates';

export type Scope = 'one' | 'following' | 'all';

/** The walks that would be cancelled, in time order: only those to come. */
export function bookingsToCancel(scope: Scope, booking: Booking, series: readonly Booking[], now: Date): Booking[] {
  if (scope === 'one') return [booking];
  const from = scope === 'following' ? booking.scheduled_start : '';
  return series.filter(
    (one) => one.status === 'scheduled' && one.scheduled_start >= from && new Date(one.scheduled_start) > now,
  );
}

/** Those that begin too soon to be cancelled free of charge. */
export const atShortNotice = (bookings: readonly Booking[], noticeHours: number, now: Date): Booking[] =>
  bookings.filter((one) => new Date(one.scheduled_start).getTime() - now.getTime() < noticeHours * 3_600_000);

/** What will have to be paid perhaps, before the walks are cancelled. */
export function chargeWords(count: number, late: number, noticeHours: number): string {
  if (!late) return 'Free of charge.';
  const soon = `in less than ${counted(noticeHours, 'hour')} and may be charged`;
  if (late < count)
    return `${counted(late, 'walk begins', 'walks begin')} ${soon}; ${count - late === 1 ? 'the other is' : 'the others are'} free of charge.`;
  return `${count === 1 ? 'This walk begins' : `All ${count} walks begin`} ${soon}.`;
}

export interface Cancelled {
  count: number;
  /** How many of them at short notice, as the server counts. */
  late: number;
  undo: () => Promise<unknown>;
}

/** Cancel, and say how that can be undone. */
export async function cancel(scope: Scope, booking: Booking, zone: string): Promise<Cancelled> {
  const { series_id: seriesId, id } = booking;
  if (scope === 'one' || !seriesId) {
    const answer = await cancelBooking(id);
    return { count: 1, late: answer.booking.late ? 1 : 0, undo: () => restoreBooking(id) };
  }
  const from = localDate(booking.scheduled_start, zone);
  const answer = await cancelSeries(seriesId, scope === 'all' ? { scope } : { scope, from });
  return {
    count: answer.cancelled.length,
    late: answer.late_count,
    undo: () => restoreSeries(seriesId, answer.cancelled),
  };
}

/** "3 walks cancelled, 1 of them at short notice: it may be charged." */
export function cancelledWords({ count, late }: Pick<Cancelled, 'count' | 'late'>): string {
  const done = `${counted(count, 'walk')} cancelled`;
  if (!late) return `${done}.`;
  const which = late === count ? '' : `, ${late} of them`;
  return `${done}${which} at short notice: ${late === 1 ? 'it' : 'they'} may be charged.`;
}
