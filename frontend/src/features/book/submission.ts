/** The life of one submission: draft → checked → sending → booked, refused or unknown. What the page shows, keeps and offers follows from it. */

import type { Problem } from '../../api/problem';

import type { Made, Order } from './order';

/** An order on its way; the same key as often as it is sent. */
export type Sent = Order & {
  key: string;
  /** When it was first sent, in ms since 1970. */
  sentAt_ms: number;
};

/** A person pressed a button, or the page asks again by itself. */
export type By = 'person' | 'page';

interface OnItsWay {
  sent: Sent;
  /** How often a person sent it. */
  presses: number;
  /** Why the time before gave no answer. */
  problem: Problem | null;
}

export type Submission =
  | { at: 'draft' }
  | { at: 'checked'; order: Order }
  /** `isInDoubt`: an earlier time may have booked it without our hearing of it. */
  | ({ at: 'sending'; isInDoubt: boolean; by: By } & OnItsWay)
  /** Nobody knows whether it was booked. `isExpired`: its key means nothing any more, so it cannot be asked again. */
  | ({ at: 'unknown'; isExpired: boolean } & OnItsWay)
  /** Nothing was made. `order`: what the screen offers since then. `isSeen`: the customer has begun to deal with it. */
  | { at: 'refused'; sent: Sent; presses: number; problem: Problem; order: Order | null; isSeen: boolean }
  | { at: 'booked'; sent: Sent; made: Made; wasInDoubt: boolean };

export type Event =
  /** The preview of what is on the screen has come; null: it cannot be booked, or is being asked for. */
  | { type: 'checked'; order: Order | null }
  /** The customer changed the rule. */
  | { type: 'changed' }
  /** The customer took an alternative, or left a date out. */
  | { type: 'chosen' }
  | { type: 'pressed'; key: string; now_ms: number }
  /** The customer has seen which dates went, and books the others. */
  | { type: 'accepted'; key: string; now_ms: number }
  | { type: 'made'; made: Made }
  | { type: 'failed'; problem: Problem }
  /** Ask what became of it, by sending it again. */
  | { type: 'asked'; by: By; now_ms: number }
  /** A page that was closed or reloaded left one without an answer. */
  | { type: 'found'; sent: Sent; now_ms: number }
  /** The customer starts afresh, or looks at something else; what is on its way goes on. */
  | { type: 'left' }
  /** The customer no longer waits to hear what became of it. */
  | { type: 'abandoned' };

export const nothingYet: Submission = { at: 'draft' };

/** Keys are kept for 24 hours by the server; an hour less here, for clocks that differ. */
const keyLife_ms = 23 * 60 * 60 * 1000;

const isExpired = (sent: Sent, now_ms: number): boolean => now_ms - sent.sentAt_ms > keyLife_ms;

/** The state after an event. An event that means nothing in a state leaves it as it is. */
export function after(state: Submission, event: Event): Submission {
  switch (event.type) {
    case 'checked':
      return checked(state, event.order);
    case 'changed':
      return isSettled(state) ? nothingYet : state;
    case 'left':
      return isSettled(state) || state.at === 'booked' ? nothingYet : state;
    case 'chosen':
      return state.at === 'refused' && isAboutDates(state)
        ? { ...state, isSeen: true }
        : after(state, { type: 'changed' });
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
      return state.at === 'unknown' ? nothingYet : state;
  }
}

type In<At extends Submission['at']> = Extract<Submission, { at: At }>;
type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** Nothing is on its way and nothing is in doubt. */
const isSettled = ({ at }: Submission): boolean => at === 'draft' || at === 'checked' || at === 'refused';

/** Whether dates went while the customer looked, which only an explicit yes gets past. */
export const isAboutDates = ({ problem }: In<'refused'>): boolean => problem.body.occurrences !== undefined;

const isSame = (order: Order | null, sent: Sent): boolean =>
  JSON.stringify(order?.request) === JSON.stringify(sent.request);

function checked(state: Submission, order: Order | null): Submission {
  if (state.at === 'refused' && (isAboutDates(state) || isSame(order, state.sent))) return { ...state, order };
  if (!isSettled(state)) return state;
  // A refused order that is being looked at again (its preview is asked for) is still the one that was refused.
  if (state.at === 'refused' && !order) return { ...state, order };
  return order ? { at: 'checked', order } : nothingYet;
}

function pressed(state: Submission, { key, now_ms }: Of<'pressed'>): Submission {
  if (state.at === 'checked') return sendingFirst({ ...state.order, key }, now_ms);
  if (state.at !== 'refused' || isAboutDates(state)) return state;
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

function failed(state: In<'sending'>, problem: Problem): Submission {
  const { sent, presses } = state;
  if (saysThatNothingWasMade(problem, state.isInDoubt))
    return { at: 'refused', sent, presses, problem, order: null, isSeen: false };
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

function askedAgain(state: In<'unknown'>, { by, now_ms }: Of<'asked'>): Submission {
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

/** Nobody knows whether it was booked, or an answer to that is on its way. */
export const isInDoubt = (state: Submission): boolean =>
  state.at === 'unknown' || (state.at === 'sending' && state.isInDoubt);

/** What has to outlive the page: what was sent and not answered. */
export const unanswered = (state: Submission): Sent | null =>
  state.at === 'sending' || state.at === 'unknown' ? state.sent : null;

const none: ReadonlySet<string> = new Set();

/** The dates that were asked for and are no longer free. */
export function takenMeanwhile(state: Submission): ReadonlySet<string> {
  if (state.at !== 'refused') return none;
  const { sent } = state;
  const asked = sent.operation === 'series' ? sent.request.accepted_dates : null;
  const dates = (state.problem.body.occurrences ?? [])
    .filter(({ outcome, date }) => outcome === 'conflict' && (!asked || asked.includes(date)))
    .map(({ date }) => date);
  return new Set(dates);
}
