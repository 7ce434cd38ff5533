/** The form's contents outlive a reload and signing in again, in this tab and for this account alone. */

import { tabStorage } from '../../ui/storage';
import { addDays } from '../../words/dates';
import { weekdays } from '../../words/weekdays';

import { firstDraft, seriesRequestOf, type Draft, type DraftOptions } from './draft';
import { reconcile, type Reconciled } from './reconcile-draft';

const storageKey = (accountId: string) => `packwalk.draft.${accountId}`;

export const saveDraft = (accountId: string, draft: Draft): void =>
  tabStorage.write(storageKey(accountId), JSON.stringify(draft));

/** What was kept, in whole or in part. */
export function loadDraft(accountId: string): Partial<Draft> | null {
  try {
    return JSON.parse(tabStorage.read(storageKey(accountId)) ?? 'null') as Partial<Draft> | null;
  } catch {
    return null;
  }
}

/**
 * The draft goes with its booking.
 *
 * The next one begins on a day of the week that was not just booked: it would begin with conflicts of the customer's own.
 */
export function dropBookedDraft(accountId: string, draft: Draft): void {
  const kept = tabStorage.read(storageKey(accountId));
  if (kept !== null && kept !== JSON.stringify(draft)) return;
  tabStorage.remove(storageKey(accountId));
  const booked = seriesRequestOf(draft)?.weekdays ?? [];
  const free = weekdays.slice(0, 5).find((day) => !booked.includes(day));
  if (free) tabStorage.write(storageKey(accountId), JSON.stringify({ weekdays: [free] } satisfies Partial<Draft>));
}

/** The kept draft of an account, made whole and possible. */
export function restoreDraft(accountId: string, today: string, options: DraftOptions): Reconciled {
  const [first, kept] = [firstDraft(today, options), loadDraft(accountId)];
  const day = kept?.weekdays?.[0];
  const startsOn = day ? addDays(first.startsOn, weekdays.indexOf(day)) : first.startsOn;
  return reconcile({ ...first, startsOn, ...kept }, options, today);
}
