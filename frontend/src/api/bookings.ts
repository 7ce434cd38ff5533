/** Visits that are booked. */

import { infiniteQueryOptions } from '@tanstack/react-query';

import { ask } from './client';
import type { Booking, Page } from './types';

/** Scheduled bookings from a local date on, in time order, page by page. */
export const upcoming = (from: string) =>
  infiniteQueryOptions({
    queryKey: ['bookings', 'upcoming', from],
    queryFn: ({ signal, pageParam }) =>
      ask<Page<Booking>>('GET', '/bookings', {
        query: { from, status: 'scheduled', limit: 20, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export interface BookingRequest {
  service_id: string;
  walker_id: string;
  location_id: string;
  dog_ids: string[];
  date: string;
  start_time: string;
}

export const createBooking = (wish: BookingRequest, idempotencyKey: string) =>
  ask<{ booking: { id: string } }>('POST', '/bookings', { body: wish, idempotencyKey });

export const cancelBooking = (id: string) => ask<Booking>('POST', `/bookings/${id}/cancel`, { body: {} });
