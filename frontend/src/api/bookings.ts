/** Visits that are booked. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { api, bodyOf } from './client';
import type { BookingRequest } from './types';

/** Scheduled bookings from a local date on, in time order, page by page. */
export const upcoming = (from: string) =>
  infiniteQueryOptions({
    queryKey: ['bookings', 'upcoming', from],
    queryFn: ({ signal, pageParam }) => {
      const query = { from, status: 'scheduled', limit: 20, cursor: pageParam } as const;
      return bodyOf(api.GET('/api/v1/bookings', { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const bookingDetail = (id: string) =>
  queryOptions({
    queryKey: ['bookings', 'one', id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/bookings/{booking_id}', { params: { path: { booking_id: id } }, signal })),
  });

export const createBooking = (request: BookingRequest, idempotencyKey: string) =>
  bodyOf(api.POST('/api/v1/bookings', { body: request, params: { header: { 'x-idempotency-key': idempotencyKey } } }));

export const cancelBooking = (id: string) =>
  bodyOf(api.POST('/api/v1/bookings/{booking_id}/cancel', { params: { path: { booking_id: id } } }));

/** Undo a cancellation, for some minutes and where the time is still free. */
export const restoreBooking = (id: string) =>
  bodyOf(api.POST('/api/v1/bookings/{booking_id}/restore', { params: { path: { booking_id: id } } }));
