/** What a submission becomes by an event: the only place that decides its next state. */

import type { Problem } from '../../api/problem';

import type { Order } from './order';
import {
  initialState,
  isDateConflict,
  isSettled,
  type Event,
  type SubmissionIn,
  type Sent,
  type Submission,
} from './submission';

/** Keys are kept for 24 hours by the server; an hour less here, for clocks that differ. */
const keyLife_ms = 23 * 60 * 60 * 1000;

const isExpired = (sent: Sent, now_ms: number): boolean => now_ms - sent.sentAt_ms > keyLife_ms;

/** The state after an event. An event that means nothing in a state leaves it as it is. */
export function nextState(state: Submission, event: Event): Submission {
  switch (event.type) {
    case 'checked':
      return checked(state, event.order);
    case 'changed':
      return isSettled(state) ? initialState : state;
    case 'left':
      return isSettled(state) || state.at === 'booked' ? initialState : state;
    case 'chosen':
      return state.at === 'refused' && isDateConflict(state) ? state : nextState(state, { type: 'changed' });
    case 'pressed':
      return pressed(state, event);
    case 'accepted':
      return state.at === 'refused' && state.order
        ? sendingFirst({ ...state.order, key: event.key }, event.now_ms)
        : state;
    case 'made':
      return state.at === 'sending'
        ? { at: 'booked', sent: state.sent, made: event.made, wasInDoubt: state.isInDoubt }
        : state;
    case 'failed':
      return state.at === 'sending' ? failed(state, event.problem) : state;
    case 'asked':
      return state.at === 'unknown' ? askedAgain(state, event) : state;
    case 'found':
      return state.at === 'draft' || state.at === 'checked' ? found(event) : state;
    case 'abandoned':
      return state.at === 'unknown' ? initialState : state;
  }
}

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

const isSame = (order: Order | null, sent: Sent): boolean =>
  JSON.stringify(order?.request) === JSON.stringify(sent.request);

function checked(state: Submission, order: Order | null): Submission {
  if (state.at === 'refused' && (isDateConflict(state) || isSame(order, state.sent))) return { ...state, order };
  if (!isSettled(state)) return state;
  // A refused order that is being looked at again (its preview is asked for) is still the one that was refused.
  if (state.at === 'refused' && !order) return { ...state, order };
  return order ? { at: 'checked', order } : initialState;
}

function pressed(state: Submission, { key, now_ms }: Of<'pressed'>): Submission {
  if (state.at === 'checked') return sendingFirst({ ...state.order, key }, now_ms);
  if (state.at !== 'refused' || isDateConflict(state)) return state;
  const { sent, presses, problem } = state;
  return { at: 'sending', sent, presses: presses + 1, problem, isInDoubt: false, by: 'person' };
}

const sendingFirst = (order: Order & { key: string }, sentAt_ms: number): Submission => ({
  at: 'sending',
  sent: { ...order, sentAt_ms },
  presses: 1,
  problem: null,
  isInDoubt: false,
  by: 'person',
});

function failed(state: SubmissionIn<'sending'>, problem: Problem): Submission {
  const { sent, presses } = state;
  if (saysThatNothingWasMade(problem, state.isInDoubt)) return { at: 'refused', sent, presses, problem, order: null };
  return { at: 'unknown', sent, presses, problem, isExpired: false };
}

/**
 * Whether a refusal proves that there is no booking.
 *
 * The server that judged the request itself (409, 422) looked its key up. Any other refusal speaks of this sending alone: it
 * leaves in doubt what was in doubt before. An answer that broke off on its way (500, 502, 504, none) proves nothing.
 */
function saysThatNothingWasMade(problem: Problem, isInDoubt: boolean): boolean {
  const { status } = problem.body;
  if (problem.is('request-in-progress')) return false;
  if (status === 409 || status === 422) return true;
  return !isInDoubt && ((status >= 400 && status < 500) || status === 503);
}

function askedAgain(state: SubmissionIn<'unknown'>, { by, now_ms }: Of<'asked'>): Submission {
  const { sent, problem } = state;
  if (state.isExpired) return state;
  if (isExpired(sent, now_ms)) return { ...state, isExpired: true };
  const presses = state.presses + (by === 'person' ? 1 : 0);
  return { at: 'sending', sent, presses, problem, isInDoubt: true, by };
}

function found({ sent, now_ms }: Of<'found'>): Submission {
  if (isExpired(sent, now_ms)) return { at: 'unknown', sent, presses: 0, problem: null, isExpired: true };
  return { at: 'sending', sent, presses: 0, problem: null, isInDoubt: true, by: 'page' };
}
