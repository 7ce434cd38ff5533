import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';

import { newKey } from '../../api/new-key';
import { problemOf } from '../../api/problem';
import { bookSkipped, seriesDetail } from '../../api/series';
import type { Alternative } from '../../api/types';
import { dropToast, showToast } from '../../ui/toasts/notify';

interface Attempt {
  /** null: the rule's own time. */
  instead: Alternative | null;
  /** Made once for the press and kept by Retry, so that a lost answer cannot book twice. */
  key: string;
  times: number;
}

/** What was read before and may have become another. */
const changed = (seriesId: string) => [seriesDetail(seriesId).queryKey, ['series', 'list'], ['bookings']];

/** Books a skipped date into its series: once at a time, and with the same key as often as it takes. */
export function useBookSkipped(seriesId: string, date: string) {
  const queries = useQueryClient();
  const running = useRef(false);
  const toast = `skipped ${seriesId} ${date}`;
  const readAgain = () => Promise.all(changed(seriesId).map((queryKey) => queries.invalidateQueries({ queryKey })));
  const booking = useMutation({
    mutationFn: ({ instead, key }: Attempt) => bookSkipped(seriesId, date, instead, key),
    onSuccess: async () => {
      dropToast(toast);
      await readAgain();
    },
    onError: (error, attempt) => {
      const { body, message } = problemOf(error);
      const again = { ...attempt, times: attempt.times + 1 };
      showToast(toast, {
        kind: 'error',
        text: message,
        reference: body.correlation_id,
        times: attempt.times,
        retry: body.retryable ? () => send(again) : undefined,
      });
      // What it offered has gone, or it is booked already: the list says what is true.
      if (body.status === 409) void readAgain();
    },
    onSettled: () => {
      running.current = false;
    },
  });
  const send = (attempt: Attempt) => {
    if (running.current) return;
    running.current = true;
    if (attempt.times > 1) showToast(toast, { kind: 'busy', text: 'Trying again…', times: attempt.times });
    booking.mutate(attempt);
  };
  return {
    book: (instead: Alternative | null) => send({ instead, key: newKey(), times: 1 }),
    isBooking: (instead: Alternative | null) => booking.isPending && booking.variables.instead === instead,
    isSuccess: booking.isSuccess,
  };
}
