/** A submission that outlives the form: its state, and what happens because of it. */

import { newKey } from '../../api/new-key';
import { problemOf } from '../../api/problem';
import { dropToast, showToast } from '../../ui/toasts/notify';

import { send } from './order';
import { initialState, unanswered, type Event, type SubmissionIn, type Sent, type Submission } from './submission';
import { nextState } from './submission-reducer';
import { toastOf } from './submission-words';
import { removeUnanswered, saveUnanswered, takeOverUnanswered } from './unanswered-storage';

export const toastName = 'submission';
const cancelToast = 'cancelled submission';

/** How long to wait before the page asks again by itself, the first time, the second time and so on; the last stands for all after. */
const pauses_ms = [2_000, 4_000, 8_000, 15_000, 30_000];

export class SubmissionStore {
  state = initialState;
  private readonly watchers = new Set<() => void>();
  private toast = 'null';
  private asks = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** booked: told of what was made before the watchers are. */
  constructor(
    private readonly accountId: string,
    private readonly booked: (state: SubmissionIn<'booked'>, isWatched: boolean) => void,
  ) {
    window.addEventListener('online', () => this.ask('page'));
  }

  /** Whether the form is on the screen. */
  get isWatched(): boolean {
    return this.watchers.size > 0;
  }

  dispatch = (event: Event): void => {
    const before = this.state;
    this.state = nextState(before, event);
    if (this.state === before) return;
    this.updateStorage(before);
    this.updateToast();
    this.scheduleAsk();
    if (this.state.at === 'sending') {
      dropToast(cancelToast);
      void this.send(this.state.sent);
    }
    if (this.state.at === 'booked') this.booked(this.state, this.isWatched);
    for (const changed of [...this.watchers]) changed();
  };

  /** Be told of every change for as long as the form is on the screen. */
  subscribe = (changed: () => void): (() => void) => {
    this.watchers.add(changed);
    if (this.watchers.size === 1) this.resume();
    return () => {
      this.watchers.delete(changed);
      if (!this.isWatched) this.leave();
    };
  };

  /** Send it again: only by the form, for elsewhere nobody sees what is sent, and somebody else may have signed in. */
  ask = (by: 'person' | 'page'): void => {
    if (this.isWatched) this.dispatch({ type: 'asked', by, now_ms: Date.now() });
  };

  /** Send what is on the screen. */
  press = (): void => this.dispatch({ type: 'pressed', key: newKey(), now_ms: Date.now() });

  /** Send what is left of what was refused. */
  accept = (): void => this.dispatch({ type: 'accepted', key: newKey(), now_ms: Date.now() });

  /** Leave the form without booking; that is true until the next submission. */
  cancel = (): void => {
    this.dispatch({ type: 'left' });
    showToast(cancelToast, { kind: 'done', text: 'Nothing was booked. The form starts afresh.', times: 1 });
  };

  private resume(): void {
    this.ask('page');
    takeOverUnanswered(this.accountId, (sent) => {
      if (this.isWatched) this.dispatch({ type: 'found', sent, now_ms: Date.now() });
      return unanswered(this.state)?.key === sent.key;
    });
  }

  private leave(): void {
    this.dispatch({ type: 'left' });
    clearTimeout(this.timer);
    dropToast(toastName);
  }

  private updateStorage(before: Submission): void {
    const [old, kept] = [unanswered(before), unanswered(this.state)];
    if (kept) saveUnanswered(this.accountId, kept);
    if (old && old.key !== kept?.key) removeUnanswered(this.accountId, old.key);
  }

  private updateToast(): void {
    const said = toastOf(this.state);
    const text = JSON.stringify(said);
    if (text === this.toast) return;
    this.toast = text;
    if (!said) {
      dropToast(toastName);
      return;
    }
    const { hasRetry, ...told } = said;
    showToast(toastName, { ...told, retry: hasRetry && this.isWatched ? this.retry : undefined });
  }

  private readonly retry = (): void => (this.state.at === 'unknown' ? this.ask('person') : this.press());

  private async send(sent: Sent): Promise<void> {
    try {
      this.dispatch({ type: 'made', made: await send(sent, sent.key) });
    } catch (error) {
      this.dispatch({ type: 'failed', problem: problemOf(error) });
    }
  }

  private scheduleAsk(): void {
    clearTimeout(this.timer);
    if (!unanswered(this.state)) this.asks = 0;
    // Who is signed out has to sign in first.
    if (this.state.at !== 'unknown' || this.state.isExpired || this.state.problem?.body.status === 401) return;
    const pause_ms = pauses_ms[Math.min(this.asks, pauses_ms.length - 1)] ?? 0;
    this.asks += 1;
    this.timer = setTimeout(() => this.ask('page'), Math.max(pause_ms, 1000 * (this.state.problem?.retryAfter_s ?? 0)));
  }
}
