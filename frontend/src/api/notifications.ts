/** What others did that concerns whoever is signed in. */

import { infiniteQueryOptions } from '@tanstack/react-query';

import { api, bodyOf } from './client';
import type { Notification } from './types';

/** The newest first, page by page; every page says how many are unread. */
export const notifications = infiniteQueryOptions({
  queryKey: ['notifications'],
  queryFn: ({ signal, pageParam }) =>
    bodyOf(api.GET('/api/v1/notifications', { params: { query: { limit: 20, cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
});

export const readNotification = (id: string) =>
  bodyOf(api.POST('/api/v1/notifications/{notification_id}/read', { params: { path: { notification_id: id } } }));

export const readAllNotifications = () => bodyOf(api.POST('/api/v1/notifications/read'));

const reopenAfter_ms = [2_000, 5_000, 15_000, 30_000];

export interface StreamListener {
  onNotification: (one: Notification) => void;
  /** There may be more than was heard. */
  onCaughtUp: () => void;
  /** The stream was refused: perhaps nobody is signed in any more. */
  onRefused: () => void;
}

/**
 * Hear of notifications as they are made. A connection that breaks resumes by itself without a gap; one that was refused is opened
 * anew, later each time. Returns what ends it.
 */
export function openStream({ onNotification, onCaughtUp, onRefused }: StreamListener): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  const open = () => {
    source = new EventSource('/api/v1/notifications/stream');
    source.onopen = () => {
      failures = 0;
      onCaughtUp();
    };
    source.addEventListener('notification', (event: MessageEvent<string>) =>
      onNotification(JSON.parse(event.data) as Notification),
    );
    // The server does not know what was heard last, and begins afresh.
    source.addEventListener('reset', onCaughtUp);
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      again = setTimeout(open, reopenAfter_ms[Math.min(failures, reopenAfter_ms.length - 1)]);
      failures += 1;
      onRefused();
    };
  };
  open();
  return () => {
    clearTimeout(again);
    source?.close();
  };
}
