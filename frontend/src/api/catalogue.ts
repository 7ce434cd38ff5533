/** What can be booked, by whom, for which dogs and where. */

import { queryOptions } from '@tanstack/react-query';

import { api, bodyOf, idempotencyHeader } from './client';

const minutes = 60_000;

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** Everything on all pages, in the server's order. */
async function allPages<T>(page: (query: { limit: number; cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const { items, next_cursor: first } = await page({ limit: 200 });
  let next = first;
  while (next) {
    const more = await page({ limit: 200, cursor: next });
    items.push(...more.items);
    next = more.next_cursor;
  }
  return items;
}

export const services = queryOptions({
  queryKey: ['services'],
  queryFn: ({ signal }) => allPages((query) => bodyOf(api.GET('/api/v1/services', { params: { query }, signal }))),
  staleTime: 5 * minutes,
});

export const walkers = queryOptions({
  queryKey: ['walkers'],
  queryFn: ({ signal }) => allPages((query) => bodyOf(api.GET('/api/v1/walkers', { params: { query }, signal }))),
  staleTime: 5 * minutes,
});

export const dogs = queryOptions({
  queryKey: ['dogs'],
  queryFn: ({ signal }) => allPages((query) => bodyOf(api.GET('/api/v1/dogs', { params: { query }, signal }))),
  staleTime: minutes,
});

export const locations = queryOptions({
  queryKey: ['locations'],
  queryFn: ({ signal }) => allPages((query) => bodyOf(api.GET('/api/v1/locations', { params: { query }, signal }))),
  staleTime: minutes,
});

export const addDog = (dog: { name: string; breed: string | null; notes: string | null }, key: string) =>
  bodyOf(api.POST('/api/v1/dogs', { body: { ...dog, group_preference: 'ask' }, headers: idempotencyHeader(key) }));

export const addLocation = (location: { label: string; address: string; lat: number; lng: number }, key: string) =>
  bodyOf(api.POST('/api/v1/locations', { body: location, headers: idempotencyHeader(key) }));
