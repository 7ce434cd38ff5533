/** Rules that make many bookings at once. */

import { queryOptions } from '@tanstack/react-query';

import { ask } from './client';
import type { Page, Series, SeriesCreated, SeriesDetail, SeriesPreview, SeriesRequest } from './types';

/** What a rule would become now. Asked again for every change; an outdated question is cancelled. */
export const preview = (wish: SeriesRequest) =>
  queryOptions({
    queryKey: ['series', 'preview', wish],
    queryFn: ({ signal }) => ask<SeriesPreview>('POST', '/series/preview', { body: wish, signal }),
    staleTime: 15_000,
    gcTime: 60_000,
    retry: false,
    refetchOnReconnect: true,
  });

export const createSeries = (wish: SeriesRequest, idempotencyKey: string) =>
  ask<SeriesCreated>('POST', '/series', { body: wish, idempotencyKey });

export const seriesList = queryOptions({
  queryKey: ['series', 'list'],
  queryFn: ({ signal }) => ask<Page<Series>>('GET', '/series', { query: { limit: 50 }, signal }),
});

export const seriesDetail = (id: string) =>
  queryOptions({
    queryKey: ['series', 'one', id],
    queryFn: ({ signal }) => ask<SeriesDetail>('GET', `/series/${id}`, { signal }),
  });

export const cancelSeries = (id: string, scope: { scope: 'all' } | { scope: 'following'; from: string }) =>
  ask<{ cancelled: string[]; kept: number }>('POST', `/series/${id}/cancel`, { body: scope });
