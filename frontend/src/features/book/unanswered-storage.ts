/** Submissions without an answer, kept for the account until there is one. Each has a place and a lock of its own, so that a tab never sends another's. */

import { browserStorage } from '../../ui/storage';

import type { Sent } from './submission';

const prefix = (accountId: string) => `packwalk.submission.${accountId}.`;

/** Ends the hold on a lock, by key. */
const holds = new Map<string, () => void>();

// Only pages over https (and on localhost) have locks. Without them two tabs may send the same: the key makes that one booking.
const locks = (): LockManager | null => ('locks' in navigator ? navigator.locks : null);

/** Keep it, and hold its lock for as long as this tab lives or until it is answered. */
export function saveUnanswered(accountId: string, sent: Sent): void {
  if (!holds.has(sent.key)) {
    const released = new Promise<void>((release) => holds.set(sent.key, release));
    void locks()?.request(prefix(accountId) + sent.key, () => released);
  }
  browserStorage.write(prefix(accountId) + sent.key, JSON.stringify(sent));
}

/** It was answered, or nobody wants to know any more. */
export function removeUnanswered(accountId: string, key: string): void {
  browserStorage.remove(prefix(accountId) + key);
  holds.get(key)?.();
  holds.delete(key);
}

/**
 * Offer what an earlier page left without an answer. `take` returns whether it is taken over.
 *
 * What another tab is sending is offered if that tab closes before it was answered.
 */
export function takeOverUnanswered(accountId: string, take: (sent: Sent) => boolean): void {
  for (const key of keptKeys(accountId)) {
    if (holds.has(key)) continue;
    const offer = (): Promise<void> | undefined => {
      const sent = read(browserStorage.read(prefix(accountId) + key));
      if (!sent) return;
      const released = new Promise<void>((release) => holds.set(key, release));
      if (take(sent)) return released;
      holds.delete(key);
    };
    const available = locks();
    if (available) void available.request(prefix(accountId) + key, offer);
    else void offer();
  }
}

function keptKeys(accountId: string): string[] {
  const start = prefix(accountId);
  return browserStorage.names(start).map((name) => name.slice(start.length));
}

/** What somebody else wrote there does no harm. */
function read(text: string | null): Sent | null {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<Sent> | null;
    const isWhole =
      kept?.key && kept.request && kept.draft && typeof kept.sentAt_ms === 'number' && typeof kept.walks === 'number';
    // Until single walks had an operation of their own, all that was sent was a series.
    return isWhole ? ({ operation: 'series', ...kept } as Sent) : null;
  } catch {
    return null;
  }
}
