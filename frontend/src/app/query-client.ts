import { QueryClient } from '@tanstack/react-query';

import { rememberCsrfToken, whenOutdated, whenSignedOut } from '../api/client';
import { Problem } from '../api/problem';
import { session } from '../api/session';
import { whenAnotherTabChanged } from '../api/tabs';
import { notifyMistake, notifyNews } from '../ui/toasts/notify';

/** Reading is tried twice more where that can help; writing only ever when somebody presses Retry. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => error instanceof Problem && error.body.retryable && failures < 2,
      retryDelay: (failures) => 400 * 2 ** failures,
      // The browser's own idea of being offline is wrong too often to hold back a question.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

whenSignedOut((why) => {
  rememberCsrfToken(null);
  const known = queryClient.getQueryData(session.queryKey);
  if (known) queryClient.setQueryData(session.queryKey, null);
  // Said once: from then on nobody is signed in.
  if (why.is('account-closed') && known !== null) notifyMistake(why.message);
  else if (known) notifyMistake('You have been signed out. Sign in again to go on: what you filled in is kept.');
});

const refetchSession = (): Promise<void> => queryClient.invalidateQueries({ queryKey: session.queryKey });
whenOutdated(() => void refetchSession());
whenAnotherTabChanged(() => {
  const before = queryClient.getQueryData(session.queryKey)?.account;
  void refetchSession().then(() => {
    const now = queryClient.getQueryData(session.queryKey)?.account;
    if (before && now && before.id !== now.id)
      notifyNews(`${now.name} has signed in, in another tab and so in this one.`);
  });
});
