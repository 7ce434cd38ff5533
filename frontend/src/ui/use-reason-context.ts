import { useQuery } from '@tanstack/react-query';

import { walkers } from '../api/catalogue';

import { shortNamesOf, type ReasonContext } from './conflict-reasons';

/** What reasons need to know of the business's walkers. */
export function useReasonContext(zone: string): ReasonContext {
  const everybody = useQuery(walkers).data ?? [];
  return { zone, walkers: everybody, shortName: shortNamesOf(everybody.map(({ name }) => name)) };
}
