import { useQueryClient } from '@tanstack/react-query';

import { notifyDone } from '../../ui/toasts/notify';

import { cancelledInWords, type Cancelled } from './cancelling';

/** Say what was cancelled, and read the lists anew. */
export function useTellCancelled() {
  const queries = useQueryClient();
  return (what: Cancelled) => {
    notifyDone(cancelledInWords(what));
    return Promise.all(['bookings', 'series'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  };
}
