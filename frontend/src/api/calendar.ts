/** Walkers' calendars. */

import { queryOptions } from '@tanstack/react-query';

import { api, bodyOf } from './client';

/** What is taken of a walker's time from a local date to another, both inclusive. */
export const calendar = (walkerId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['calendar', walkerId, from, to],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/calendar', { params: { query: { walker_id: walkerId, from, to } }, signal })),
  });
