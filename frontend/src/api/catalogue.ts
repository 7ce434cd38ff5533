/** What can be booked, by whom, for which dogs and where. */

import { queryOptions } from '@tanstack/react-query';

import { ask } from './client';
import type { Dog, Location, Page, Service, Walker } from './types';

const minutes = 60_000;

/** Everything on all pages, in the server's order. */
async function everything<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await ask<Page<T>>('GET', path, {
      query: { limit: 200, cursor: cursor ?? undefined },
      signal,
    });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

export const services = queryOptions({
  queryKey: ['services'],
  queryFn: ({ signal }) => everything<Service>('/services', signal),
  staleTime: 5 * minutes,
});

export const walkers = queryOptions({
  queryKey: ['walkers'],
  queryFn: ({ signal }) => everything<Walker>('/walkers', signal),
  staleTime: 5 * minutes,
});

export const dogs = queryOptions({
  queryKey: ['dogs'],
  queryFn: ({ signal }) => everything<Dog>('/dogs', signal),
  staleTime: minutes,
});

export const locations = queryOptions({
  queryKey: ['locations'],
  queryFn: ({ signal }) => everything<Location>('/locations', signal),
  staleTime: minutes,
});

export const addDog = (dog: { name: string; breed: string | null; notes: string | null }) =>
  ask<Dog>('POST', '/dogs', { body: dog });

export const addLocation = (location: { label: string; address: string; lat: number; lng: number }) =>
  ask<Location>('POST', '/locations', { body: location });
