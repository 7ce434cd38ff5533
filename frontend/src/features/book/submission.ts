/** The life of one submission: draft → checked → sending → booked, refused or unknown. What the page shows, keeps and offers follows from it. */

import type { Problem } from '../../api/problem';

import type { Order, OrderResult } from './order';

/** An order on its way; the same key as often as it is sent. */
export type Sent = Order & {
  key: string;
  /** When it was first sent, in ms since 1970. */
  sentAt_ms: number;
};

/** A person pressed a button, or the page asks again by itself. */
export type Sender = 'person' | 'page';

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
  | ({ at: 'sending'; isInDoubt: boolean; by: Sender } & OnItsWay)
  /** Nobody knows whether it was booked. `isExpired`: its key means nothing any more, so it cannot be asked again. */
  | ({ at: 'unknown'; isExpired: boolean } & OnItsWay)
  /** Nothing was made. `order`: what the screen offers since then. */
  | { at: 'refused'; sent: Sent; presses: number; problem: Problem; order: Order | null }
  | { at: 'booked'; sent: Sent; made: OrderResult; wasInDoubt: boolean };

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
  | { type: 'made'; made: OrderResult }
  | { type: 'failed'; problem: Problem }
  /** Ask what became of it, by sending it again. */
  | { type: 'asked'; by: Sender; now_ms: number }
  /** A page that was closed or reloaded left one without an answer. */
  | { type: 'found'; sent: Sent; now_ms: number }
  /** The customer starts afresh, or looks at something else; what is on its way goes on. */
  | { type: 'left' }
  /** The customer no longer waits to hear what became of it. */
  | { type: 'abandoned' };

export const initialState: Submission = { at: 'draft' };

/** The submission while it is in one state. */
export type SubmissionIn<At extends Submission['at']> = Extract<Submission, { at: At }>;

/** Nothing is on its way and nothing is in doubt. */
export const isSettled = ({ at }: Submission): boolean => at === 'draft' || at === 'checked' || at === 'refused';

/** Whether dates went while the customer looked, which only an explicit yes gets past. */
export const isDateConflict = ({ problem }: SubmissionIn<'refused'>): boolean => problem.body.occurrences !== undefined;

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
