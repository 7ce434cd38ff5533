import { toast } from 'sonner';

import { problemOf } from '../../api/problem';

import { restOf } from '../field-errors';

import { ToastCard, type Told } from './toast-card';

/** How often each toast that is on the screen was said. */
const times = new Map<string, number>();
/** How often a toast of that id was taken down: one that is leaving cannot be brought back, so the next gets another id. */
const lives = new Map<string, number>();

function tell(told: Omit<Told, 'times'>): void {
  const name = `${told.kind}:${told.text}`;
  const id = `${name}#${lives.get(name) ?? 0}`;
  const said = (times.get(id) ?? 0) + 1;
  times.set(id, said);
  const gone = () => {
    if (times.delete(id)) lives.set(name, (lives.get(name) ?? 0) + 1);
  };
  const close = () => {
    gone();
    toast.dismiss(id);
  };
  const retry =
    told.retry &&
    (() => {
      close();
      told.retry?.();
    });
  // Another key, another countdown: what is said again stays its full time.
  toast.custom(() => <ToastCard key={said} told={{ ...told, times: said, retry }} close={close} />, {
    id,
    duration: Infinity,
    onDismiss: gone,
  });
}

/** The toasts that have a name, each with the id under which it is on the screen. */
const named = new Map<string, string>();
let made = 0;

/**
 * Say something under a name: what was said under it before is changed in place.
 *
 * A toast that is leaving cannot be brought back, so that one which was taken down gets another id when it is needed again.
 */
export function showToast(name: string, told: Told): void {
  const id = named.get(name) ?? `${name}#${(made += 1)}`;
  named.set(name, id);
  const close = () => {
    if (named.get(name) === id) named.delete(name);
    toast.dismiss(id);
  };
  toast.custom(() => <ToastCard key={`${told.kind}${told.times}${told.text}`} told={told} close={close} />, {
    id,
    duration: Infinity,
    onDismiss: () => named.get(name) === id && named.delete(name),
  });
}

/** What was said under that name no longer holds. */
export function dropToast(name: string): void {
  const id = named.get(name);
  named.delete(name);
  if (id) toast.dismiss(id);
}

/** Say what went wrong, in the server's own words; Retry is offered where it can help. */
export function notifyProblem(error: unknown, retry?: () => void): void {
  const problem = problemOf(error);
  const { body, message } = problem;
  tell({
    kind: 'error',
    text: restOf(problem) ?? message,
    reference: body.correlation_id,
    retry: body.retryable ? retry : undefined,
  });
}

/** Say what is wrong with what was filled in, before any server was asked. */
export const notifyMistake = (text: string): void => tell({ kind: 'error', text });

/** What went wrong has been put right: take down what was said of it. */
export function forgetProblems(): void {
  for (const id of times.keys()) if (id.startsWith('error:')) toast.dismiss(id);
}

export const notifyDone = (text: string): void => tell({ kind: 'done', text });

/** Say what was done, and offer to undo it as long as that is said. */
export function notifyUndoable(text: string, undo: () => void): void {
  // Two of them are two things to undo: they are never counted up.
  const name = `undo-${crypto.randomUUID()}`;
  const once = () => {
    dropToast(name);
    undo();
  };
  showToast(name, { kind: 'done', text, times: 1, undo: once });
}

/** Say what somebody else has just done. */
export const notifyNews = (text: string): void => tell({ kind: 'news', text });
