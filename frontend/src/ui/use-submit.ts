import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type RefObject, type SyntheticEvent } from 'react';

import { problemOf } from '../api/problem';

import { fieldErrors, focusFirstError } from './field-errors';
import { IdempotencyKey } from './idempotency-key';
import { dropProblems } from './toasts/notify';
import { useFailureToast } from './toasts/use-failure-toast';

export interface SubmitOptions<P, R> {
  /** The paths of the fields at which the form says itself what is wrong with them. */
  fields: readonly string[];
  /** What the form itself finds wrong before anything is sent, by the fields' paths. */
  check?: () => Record<string, string>;
  /** What is on the screen, when it is sent. */
  payload: () => P;
  send: (payload: P, key: string) => Promise<R>;
  done?: (made: R) => unknown;
}

/**
 * The life of a form that makes something: sent once at a time; with one idempotency key until the server has answered or the
 * contents have changed, so that Retry never makes a second one. Retry sends what is on the screen.
 */
export function useSubmit<P, R>({ fields, check, payload, send, done }: SubmitOptions<P, R>) {
  const form = useRef<HTMLFormElement>(null);
  const retry = () => form.current?.requestSubmit();
  const toast = useFailureToast(fields, retry);
  const [mistakes, setMistakes] = useState<Record<string, string>>({});
  const sending = useSending({ send, done, sent: toast.drop }, toast.fail);
  useFocusFirstError(form, sending.error, mistakes);
  const submit = (event: SyntheticEvent) => {
    // A dialog's form stands inside the page's form for React, though not in the document.
    event.preventDefault();
    event.stopPropagation();
    const found = check?.() ?? {};
    setMistakes(found);
    if (!Object.keys(found).length && sending.start(payload())) toast.tryAgain();
  };
  const reset = () => {
    toast.drop();
    sending.reset();
    setMistakes({});
  };
  const problem = sending.error && problemOf(sending.error);
  return {
    form: { ref: form, onSubmit: submit, onChange: toast.drop },
    isPending: sending.isPending,
    errors: { ...fieldErrors(problem), ...mistakes },
    /** For a `ProblemNote`: what has no field in the form. */
    note: problem && { problem, fields, onRetry: retry },
    reset,
  };
}

/** Go to the first field that is wrong once React has drawn which it is, after every submission that found one. */
function useFocusFirstError(
  form: RefObject<HTMLFormElement | null>,
  refused: Error | null,
  mistakes: Record<string, string>,
): void {
  useEffect(() => {
    if (refused) focusFirstError(form.current);
  }, [form, refused]);
  useEffect(() => {
    if (Object.keys(mistakes).length) focusFirstError(form.current);
  }, [form, mistakes]);
}

type Sending<P, R> = Pick<SubmitOptions<P, R>, 'send' | 'done'> & { sent: () => void };

/** Sends one payload at a time, each with its key. What went wrong stands until the next answer, so that nothing moves meanwhile. */
function useSending<P, R>({ send, done, sent }: Sending<P, R>, failed: (error: unknown) => void) {
  const running = useRef(false);
  const [key] = useState(() => new IdempotencyKey());
  const [before, setBefore] = useState<Error | null>(null);
  const { mutate, ...sending } = useMutation({
    mutationFn: (payload: P) => send(payload, key.of(payload)),
    onSuccess: (made) => {
      key.forget();
      sent();
      dropProblems();
      return done?.(made);
    },
    onError: (error) => {
      if (!problemOf(error).body.retryable) key.forget();
      failed(error);
    },
    onSettled: () => {
      running.current = false;
    },
  });
  /** Returns whether it was started: a second click can come before React has drawn the button as busy. */
  const start = (payload: P): boolean => {
    if (running.current) return false;
    running.current = true;
    setBefore(sending.error);
    mutate(payload);
    return true;
  };
  return { ...sending, error: sending.isPending ? before : sending.error, start };
}
