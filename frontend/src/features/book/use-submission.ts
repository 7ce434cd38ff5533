import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

import { session } from '../../api/session';
import { dropProblems, notifyDone } from '../../ui/toasts/notify';
import { counted } from '../../words/count';

import { dropBookedDraft } from './draft-storage';
import type { SubmissionIn } from './submission';
import { SubmissionStore } from './submission-store';

const stores = new Map<string, SubmissionStore>();

/** The one submission of an account in this tab. */
function storeOf(accountId: string, queries: QueryClient): SubmissionStore {
  const known = stores.get(accountId);
  if (known) return known;
  const store = new SubmissionStore(accountId, ({ sent, made: { walks } }, isWatched) => {
    dropBookedDraft(accountId, sent.draft);
    dropProblems();
    // What was read before is no longer true; of the previews not even for as long as it takes to read them again.
    queries.removeQueries({ queryKey: ['series', 'preview'] });
    void queries.invalidateQueries({ queryKey: ['bookings'] });
    void queries.invalidateQueries({ queryKey: ['series'] });
    if (isWatched) return;
    // Somebody else may have signed in since.
    if (queries.getQueryData(session.queryKey)?.account.id === accountId)
      notifyDone(`${counted(walks, 'walk')} booked.`);
    store.dispatch({ type: 'left' });
  });
  stores.set(accountId, store);
  return store;
}

export function useSubmission(accountId: string) {
  const store = storeOf(accountId, useQueryClient());
  const state = useSyncExternalStore(store.subscribe, () => store.state);
  return { state, store };
}

/** Call `then` once for every refusal, with what the screen showed when it came. */
export function useRefusal(store: SubmissionStore, then: (refused: SubmissionIn<'refused'>) => void): void {
  const onRefused = useEffectEvent(then);
  useEffect(() => {
    let before = store.state.at;
    return store.subscribe(() => {
      const now = store.state;
      if (now.at === 'refused' && before !== 'refused') onRefused(now);
      before = now.at;
    });
  }, [store]);
}
