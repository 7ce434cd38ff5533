/** What a submission says for itself: in its toast, in the form and on the button. Each follows from its state alone. */

import { counted } from '../../words/count';

import type { Plan } from './plan';
import { isDateConflict, type Submission, type SubmissionIn } from './submission';

export interface SubmissionToast {
  kind: 'error' | 'busy';
  text: string;
  reference: string | null;
  /** Offered where sending what is on the screen can help. */
  hasRetry: boolean;
  /** Another number is another saying of the same. */
  times: number;
}

/** null: there is nothing to say, and what was said is taken down. */
export function toastOf(state: Submission): SubmissionToast | null {
  switch (state.at) {
    case 'sending':
      if (state.by === 'person' && state.problem) return { ...busy, times: state.presses };
      return state.problem && errorOf(state, true);
    case 'unknown':
      return state.problem && errorOf(state, !state.isExpired);
    case 'refused':
      return isShownElsewhere(state) ? null : errorOf(state, state.problem.body.retryable);
    case 'draft':
    case 'checked':
    case 'booked':
      return null;
  }
}

/** At its fields; by the list of the dates that went, which has the focus; or by the page that lets somebody sign in again. */
const isShownElsewhere = (refused: SubmissionIn<'refused'>): boolean => {
  const { status, fields } = refused.problem.body;
  return isDateConflict(refused) || status === 401 || Boolean(fields?.length);
};

const busy = { kind: 'busy', text: 'Trying again…', reference: null, hasRetry: false } as const;

function errorOf({ problem, presses }: Pick<SubmissionIn<'unknown'>, 'problem' | 'presses'>, hasRetry: boolean) {
  if (!problem) return null;
  return {
    kind: 'error',
    text: problem.message,
    reference: problem.body.correlation_id,
    hasRetry,
    times: presses,
  } as const;
}

export interface Note {
  title: string;
  text: string;
}

/** What the form says while it is not known whether something was booked. isSaid: a toast says why. */
export function doubtOf(state: Submission, isSaid = false): Note | null {
  if (state.at === 'sending' && state.isInDoubt) {
    const { walks } = state.sent;
    return {
      title: `We are asking what became of your ${counted(walks, 'walk')}`,
      text: 'The answer to your booking was lost on its way. We send the same booking again: it is made once, however often it is sent.',
    };
  }
  if (state.at !== 'unknown') return null;
  const title = `We do not know yet whether your ${counted(state.sent.walks, 'walk')} were booked`.replace(
    '1 walk were',
    '1 walk was',
  );
  return state.isExpired
    ? { title, text: 'That was a day ago, too long to ask. Look at your bookings before you book the same again.' }
    : { title, text: [isSaid ? undefined : state.problem?.message, weKeepAsking].filter(Boolean).join(' ') };
}

const weKeepAsking = 'We keep asking: it is booked once, or not at all.';

export interface SubmitButton {
  words: string;
  /** `book`: send what is on the screen. `ask`: send what has no answer. `look`: go to the dates that went. */
  does: 'book' | 'ask' | 'look' | 'nothing';
  isBusy: boolean;
}

/** The button says what will happen, in numbers. isChecking: the preview of what is on the screen has not come yet. */
export function buttonOf(state: Submission, plan: Plan | null, isChecking: boolean): SubmitButton {
  switch (state.at) {
    case 'sending':
    case 'booked':
      return {
        words: state.at === 'sending' && state.isInDoubt ? 'Asking again…' : 'Booking…',
        does: 'nothing',
        isBusy: true,
      };
    case 'unknown':
      return { words: 'Ask again', does: state.isExpired ? 'nothing' : 'ask', isBusy: false };
    case 'refused':
      if (isDateConflict(state)) return { words: 'See what was taken', does: 'look', isBusy: false };
      return offer(plan, isChecking);
    case 'draft':
    case 'checked':
      return offer(plan, isChecking);
  }
}

function offer(plan: Plan | null, isChecking: boolean): SubmitButton {
  if (isChecking) return { words: 'Checking the dates…', does: 'nothing', isBusy: true };
  if (plan?.made === 0)
    return { words: plan.leftOut ? 'No date is left' : 'No date is free', does: 'nothing', isBusy: false };
  return { words: plan ? bookWords(plan) : 'Book walks', does: 'book', isBusy: false };
}

export const bookWords = (plan: Plan): string =>
  plan.skipped ? `Create ${counted(plan.made, 'available booking')}` : `Book ${counted(plan.made, 'walk')}`;
