/** Rules that make many bookings at once. */

import { queryOptions } from '@tanstack/react-query';

import { api, bodyOf } from './client';
import type { Alternative, SeriesRequest } from './types';

/** What a rule would become now. Asked again for every change; an outdated question is cancelled. */
export const preview = (request: SeriesRequest) =>
  queryOptions({
    queryKey: ['series', 'preview', request],
    queryFn: ({ signal }) => bodyOf(api.POST('/api/v1/series/preview', { body: request, signal })),
    staleTime: 15_000,
    gcTime: 60_000,
    retry: false,
    refetchOnReconnect: true,
  });

export const createSeries = (request: SeriesRequest, idempotencyKey: string) =>
  bodyOf(api.POST('/api/v1/series', { body: request, params: { header: { 'x-idempotency-key': idempotencyKey } } }));

export const seriesList = queryOptions({
  queryKey: ['series', 'list'],
  queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/series', { params: { query: { limit: 50 } }, signal })),
});

export const seriesDetail = (id: string) =>
  queryOptions({
    queryKey: ['series', 'one', id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/series/{series_id}', { params: { path: { series_id: id } }, signal })),
  });

export const cancelSeries = (id: string, scope: { scope: 'all' } | { scope: 'following'; from: string }) =>
  bodyOf(api.POST('/api/v1/series/{series_id}/cancel', { params: { path: { series_id: id } }, body: scope }));

/** Book a skipped date into its series: at its own time, or an alternative instead. */
export const bookSkipped = (id: string, date: string, instead: Alternative | null, idempotencyKey: string) =>
  bodyOf(
    api.POST('/api/v1/series/{series_id}/skipped/{date}/book', {
      body: { replacement: instead && { scheduled_start: instead.scheduled_start, walker_id: instead.walker_id } },
      params: { path: { series_id: id, date }, header: { 'x-idempotency-key': idempotencyKey } },
    }),
  );

/** Undo a cancellation of some of its bookings, for some minutes: all of them or, where a time is taken, none. */
export const restoreSeries = (id: string, bookingIds: string[]) =>
  bodyOf(
    api.POST('/api/v1/series/{series_id}/restore', {
      params: { path: { series_id: id } },
      body: { booking_ids: bookingIds },
    }),
  );
