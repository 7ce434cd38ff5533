import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';

import { problemOf } from '../../api/problem';
import { createSeries } from '../../api/series';
import type { SeriesCreated, SeriesRequest } from '../../api/types';
import { forgetProblems, notifyProblem } from '../../ui/toasts/notify';

import { forgetKey, keyFor } from './submission';

/** What was made, and what was asked for. */
export interface Made {
  created: SeriesCreated;
  wish: SeriesRequest;
}

interface Then {
  made: (made: Made) => void;
  refused: (problem: ReturnType<typeof problemOf>) => void;
}

/** Sending a series: once at a time, and with the same key as often as it takes. */
export function useSubmission(then: Then) {
  const running = useRef(false);
  const sending = useMutation({
    mutationFn: (request: SeriesRequest) => createSeries(request, keyFor(request)),
    onSuccess: (created, wish) => {
      forgetKey();
      forgetProblems();
      then.made({ created, wish });
    },
    onError: (error, request) => {
      notifyProblem(error, () => send(request));
      then.refused(problemOf(error));
    },
    onSettled: () => {
      running.current = false;
    },
  });
  // A second click can come before React has drawn the button as busy.
  const send = (request: SeriesRequest) => {
    if (running.current) return;
    running.current = true;
    sending.mutate(request);
  };
  return {
    send,
    again: () => sending.variables && send(sending.variables),
    isPending: sending.isPending,
    problem: sending.error ? problemOf(sending.error) : null,
    reset: sending.reset,
  };
}
