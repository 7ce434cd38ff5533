/** What the screen offers to book, as the operation that books it: one walk, or a series of them. */

import { createBooking } from '../../api/bookings';
import { createSeries } from '../../api/series';
import type { BookingRequest, SeriesRequest } from '../../api/types';
import { localDate, localTime } from '../../words/dates';

import type { Draft } from './draft';
import { acceptedRequestOf, type Line, type Plan } from './plan';

export type Operation =
  { operation: 'booking'; request: BookingRequest } | { operation: 'series'; request: SeriesRequest };

/** What the screen shows as bookable now. */
export type Order = Operation & {
  walks: number;
  /** What was filled in for it, so that a tab that is opened later can show it. */
  draft: Draft;
};

/** The operation that books what the plan says: a rule of one date repeats nothing, and is no series. */
export function operationOf(request: SeriesRequest, walkerId: string, plan: Plan, zone: string): Operation {
  const [line, ...more] = plan.lines;
  if (!line || more.length) return { operation: 'series', request: acceptedRequestOf(request, walkerId, plan) };
  return { operation: 'booking', request: { ...visitOf(request), ...startOf(line, request, walkerId, zone) } };
}

type Visit = Pick<BookingRequest, 'service_id' | 'location_id' | 'dog_ids'>;

const visitOf = ({ service_id, location_id, dog_ids }: SeriesRequest): Visit => ({ service_id, location_id, dog_ids });

/** When, and with whom: the rule's own, or the alternative that was chosen. */
function startOf(
  { occurrence, instead }: Line,
  { start_time }: SeriesRequest,
  walkerId: string,
  zone: string,
): Omit<BookingRequest, keyof Visit> {
  if (!instead) return { walker_id: walkerId, date: occurrence.date, start_time };
  const { walker_id, scheduled_start: start } = instead;
  return { walker_id, date: localDate(start, zone), start_time: localTime(start, zone) };
}

/** What has become of an order. */
export interface OrderResult {
  /** The address of its receipt. */
  receipt: string;
  walks: number;
}

/** Book it; with the same key as often as it is sent. */
export async function send(order: Operation, key: string): Promise<OrderResult> {
  if (order.operation === 'booking') {
    const { booking } = await createBooking(order.request, key);
    return { receipt: `/bookings/${booking.id}`, walks: 1 };
  }
  const { series, bookings } = await createSeries(order.request, key);
  return { receipt: `/series/${series.id}`, walks: bookings.length };
}
