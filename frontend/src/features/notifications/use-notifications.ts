import { type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { notifications, readAllNotifications, readNotification } from '../../api/notifications';
import { session } from '../../api/session';
import { notifyNews, notifyProblem } from '../../ui/toasts/notify';

import { listen } from './broadcast';

/** The list and how many are unread; kept up to date while the page is open. */
export function useNotifications() {
  const queries = useQueryClient();
  const list = useInfiniteQuery(notifications);
  const accountId = useQuery(session).data?.account.id;
  useEffect(() => {
    if (!accountId) return;
    const refresh = (keys: readonly string[]) => {
      for (const key of keys) void refetch(queries, key);
    };
    return listen(accountId, {
      onNotification: (one) => {
        notifyNews(one.title);
        // What was told of is on the screen perhaps.
        refresh(['notifications', 'bookings', 'series']);
      },
      onCaughtUp: () => refresh(['notifications']),
      // Whoever is no longer signed in learns it from this answer, and the stream ends with the page.
      onRefused: () => void queries.invalidateQueries({ queryKey: session.queryKey }),
    });
  }, [queries, accountId]);
  return {
    list,
    items: list.data?.pages.flatMap((page) => page.items) ?? [],
    unread: list.data?.pages[0]?.unread_count ?? 0,
  };
}

// A list that is on its way for the first time may have been read before what was heard happened: merely made invalid, it would be waited
// for and taken for new.
async function refetch(queries: QueryClient, key: string) {
  await queries.cancelQueries({ queryKey: [key] });
  await queries.invalidateQueries({ queryKey: [key] });
}

/** Mark one as read, or (null) all. */
export function useMarkAsRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string | null): Promise<void> => {
      await (id ? readNotification(id) : readAllNotifications());
    },
    onSettled: () => queries.invalidateQueries({ queryKey: notifications.queryKey }),
    onError: (error) => notifyProblem(error),
  });
}
