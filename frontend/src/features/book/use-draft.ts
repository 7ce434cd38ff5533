import { useEffect, useState } from 'react';

import { firstDraft, stillOffered, type Draft, type Offered } from './draft';

const place = (accountId: string) => `packwalk.draft.${accountId}`;

function kept(accountId: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(place(accountId)) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

/** The form's contents. They outlive a reload and signing in again, in this tab and for this account alone. */
export function useDraft(accountId: string, today: string, offered: Offered) {
  const [draft, setDraft] = useState<Draft>(() =>
    stillOffered({ ...firstDraft(today, offered), ...kept(accountId) }, offered),
  );
  useEffect(() => sessionStorage.setItem(place(accountId), JSON.stringify(draft)), [accountId, draft]);
  return {
    draft,
    change: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })),
    clear: () => setDraft(firstDraft(today, offered)),
  };
}
