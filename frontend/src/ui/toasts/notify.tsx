import { toast } from 'sonner';

import { problemOf } from '../../api/problem';

import { ToastCard, type Told } from './toast-card';

/** How often each toast that is on the screen was said. */
const times = new Map<string, number>();

function tell(told: Omit<Told, 'times'>): void {
  const id = `${told.kind}:${told.text}`;
  const said = (times.get(id) ?? 0) + 1;
  times.set(id, said);
  const close = () => {
    times.delete(id);
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
    onDismiss: () => times.delete(id),
  });
}

/** Say what went wrong, in the server's own words; Retry is offered where it can help. */
export function notifyProblem(error: unknown, retry?: () => void): void {
  const { body, message } = problemOf(error);
  tell({ kind: 'error', text: message, reference: body.correlation_id, retry: body.retryable ? retry : undefined });
}

/** Say what is wrong with what was filled in, before any server was asked. */
export const notifyMistake = (text: string): void => tell({ kind: 'error', text });

/** What went wrong has been put right: take down what was said of it. */
export function forgetProblems(): void {
  for (const id of times.keys()) if (id.startsWith('error:')) toast.dismiss(id);
}

export const notifyDone = (text: string): void => tell({ kind: 'done', text });

/** Say what somebody else has just done. */
export const notifyNews = (text: string): void => tell({ kind: 'news', text });
