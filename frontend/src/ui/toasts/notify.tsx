/** All toasts are made here; `ToastCard` shows one, `Toaster` says where. */

import { useSyncExternalStore } from 'react';
import { toast } from 'sonner';

import { problemOf } from '../../api/problem';
import { messageBesideFields } from '../field-errors';

import { ToastCard, type ToastContent } from './toast-card';

/** The toasts on the screen by name, with the id under which each is there and how often it was said. */
const onScreen = new Map<string, { id: string; times: number }>();
const watchers = new Set<() => void>();
let made = 0;

function setOnScreen(name: string, shown: { id: string; times: number } | null): void {
  if (shown) onScreen.set(name, shown);
  else onScreen.delete(name);
  for (const changed of [...watchers]) changed();
}

function watchScreen(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

/** Whether a toast of this name is on the screen: what it says does not have to stand anywhere else meanwhile. */
export const useIsSaid = (name: string): boolean => useSyncExternalStore(watchScreen, () => onScreen.has(name));

/**
 * Say something under a name: what was said under it before is changed in place.
 *
 * A toast that is leaving cannot be brought back, so that one which was taken down gets another id when it is needed again.
 */
export function showToast(name: string, content: ToastContent): void {
  const id = onScreen.get(name)?.id ?? `${name}#${(made += 1)}`;
  setOnScreen(name, { id, times: content.times });
  const forget = () => {
    if (onScreen.get(name)?.id === id) setOnScreen(name, null);
  };
  const close = () => {
    forget();
    toast.dismiss(id);
  };
  toast.custom(() => <ToastCard content={content} close={close} />, {
    id,
    duration: Infinity,
    onDismiss: forget,
  });
}

/** What was said under that name no longer holds. */
export function dropToast(name: string): void {
  const shown = onScreen.get(name);
  if (!shown) return;
  setOnScreen(name, null);
  toast.dismiss(shown.id);
}

/** Say something once: while it is on the screen, the same again is counted up. */
function showCounted(content: Omit<ToastContent, 'times'>): void {
  const name = `${content.kind}:${content.text}`;
  const { retry } = content;
  const closeAndRetry = () => {
    dropToast(name);
    retry?.();
  };
  const times = (onScreen.get(name)?.times ?? 0) + 1;
  showToast(name, { ...content, times, retry: retry && closeAndRetry });
}

/** Say what went wrong, in the server's own words; Retry is offered where it can help. */
export function notifyProblem(error: unknown, retry?: () => void): void {
  const problem = problemOf(error);
  const { body, message } = problem;
  showCounted({
    kind: 'error',
    text: messageBesideFields(problem) ?? message,
    reference: body.correlation_id,
    retry: body.retryable ? retry : undefined,
  });
}

/** Say what is wrong with what was filled in, before any server was asked. */
export const notifyMistake = (text: string): void => showCounted({ kind: 'error', text });

/** What went wrong has been put right: take down what was said of it. */
export function dropProblems(): void {
  for (const name of [...onScreen.keys()]) if (name.startsWith('error:')) dropToast(name);
}

export const notifyDone = (text: string): void => showCounted({ kind: 'done', text });

let undone = 0;

/** Say what was done, and offer to undo it as long as that is said. */
export function notifyUndoable(text: string, undo: () => void): void {
  // Two of them are two things to undo: they are never counted up.
  const name = `undo-${(undone += 1)}`;
  const once = () => {
    dropToast(name);
    undo();
  };
  showToast(name, { kind: 'done', text, times: 1, undo: once });
}

/** Say what somebody else has just done. */
export const notifyNews = (text: string): void => showCounted({ kind: 'news', text });
