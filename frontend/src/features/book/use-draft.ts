import { useEffect, useState } from 'react';

import { firstDraft, type Draft, type DraftOptions } from './draft';
import { restoreDraft, saveDraft } from './draft-storage';
import { reconcile } from './reconcile-draft';

/** The form's contents, of which everything can be chosen at any time; what had to go is said in `changes` until the next change. */
export function useDraft(accountId: string, today: string, options: DraftOptions) {
  const [{ draft, changes }, set] = useState(() => restoreDraft(accountId, today, options));
  const lists = [options.services, options.dogs, options.locations, options.walkers];
  const [seen, setSeen] = useState(lists);
  // Only when the lists change: what was just added is chosen before it is on the list.
  if (lists.some((list, index) => list !== seen[index])) {
    setSeen(lists);
    const now = reconcile(draft, options, today);
    if (now.changes.length) set(now);
  }
  useEffect(() => saveDraft(accountId, draft), [accountId, draft]);
  return {
    draft,
    changes,
    change: (part: Partial<Draft>) => set((before) => ({ draft: { ...before.draft, ...part }, changes: [] })),
    /** Change it for the customer, without an end to what is said. */
    adjust: (part: Partial<Draft>) => set((before) => ({ ...before, draft: { ...before.draft, ...part } })),
    replace: (whole: Draft) => set(reconcile(whole, options, today)),
    clear: () => set({ draft: firstDraft(today, options), changes: [] }),
  };
}
