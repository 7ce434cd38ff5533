import { useQueries } from '@tanstack/react-query';

import { dogs, locations, services, walkers } from '../../api/catalogue';
import { organization, session } from '../../api/session';

/** Everything that the form chooses from. */
export function useBookingOptions() {
  const all = useQueries({ queries: [organization, session, services, walkers, dogs, locations] });
  const [us, who, what, by, whose, where] = all;
  const failed = all.find((query) => query.error && !query.data);
  const retry = () => all.filter((query) => query.error).forEach((query) => void query.refetch());
  if (us.data && who.data && what.data && by.data && whose.data && where.data) {
    return {
      options: {
        organization: us.data,
        account: who.data.account,
        services: what.data,
        walkers: by.data.filter((walker) => walker.active),
        dogs: whose.data,
        locations: where.data,
      },
      error: null,
      retry,
    };
  }
  return { options: null, error: failed?.error ?? null, retry };
}

export type BookingOptions = NonNullable<ReturnType<typeof useBookingOptions>['options']>;
