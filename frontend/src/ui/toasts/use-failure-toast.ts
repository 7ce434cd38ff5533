import { useEffect, useId, useRef } from 'react';

import { problemOf } from '../../api/problem';
import { messageBesideFields } from '../field-errors';

import { dropToast, showToast } from './notify';

/** One toast for all that a form's submissions come to; it says nothing of what stands at a field, and goes with the form. */
export function useFailureToast(fields: readonly string[], retry: () => void) {
  const name = useId();
  const failed = useRef({ text: '', times: 0 });
  const drop = () => {
    failed.current = { text: '', times: 0 };
    dropToast(name);
  };
  useEffect(() => () => dropToast(name), [name]);
  return {
    drop,
    tryAgain: () => {
      if (failed.current.times) showToast(name, { kind: 'busy', text: 'Trying again…', times: 1 });
    },
    fail: (error: unknown) => {
      const problem = problemOf(error);
      const text = messageBesideFields(problem, fields);
      if (text === null) {
        drop();
        return;
      }
      failed.current = { text, times: failed.current.text === text ? failed.current.times + 1 : 1 };
      const { correlation_id: reference, retryable } = problem.body;
      showToast(name, { kind: 'error', ...failed.current, reference, retry: retryable ? retry : undefined });
    },
  };
}
