/**
 * One stream for all of a browser's tabs: a browser opens six connections to a site at most, and each stream holds one.
 *
 * The tab that holds the lock listens and tells the others; when that tab is closed, the lock goes to the next.
 */

import { openStream, type StreamListener } from '../../api/notifications';
import type { Notification } from '../../api/types';

type Message = { notification: Notification } | 'onCaughtUp' | 'onRefused';

/** Listen for an account's notifications, by this tab or another one. Returns what ends it. */
export function listen(accountId: string, listener: StreamListener): () => void {
  const name = `packwalk.notifications.${accountId}`;
  const channel = new BroadcastChannel(name);
  const handle = (message: Message) => {
    if (typeof message === 'string') listener[message]();
    else listener.onNotification(message.notification);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => handle(data);
  const broadcast = (message: Message) => {
    channel.postMessage(message);
    handle(message);
  };
  const end = new AbortController();
  const work = () => {
    const close = openStream({
      onNotification: (notification) => broadcast({ notification }),
      onCaughtUp: () => broadcast('onCaughtUp'),
      onRefused: () => broadcast('onRefused'),
    });
    return new Promise<void>((resolve) =>
      end.signal.addEventListener('abort', () => {
        close();
        resolve();
      }),
    );
  };
  // Without a secure context there are no locks: then every tab listens for itself.
  if ('locks' in navigator) navigator.locks.request(name, { signal: end.signal }, work).catch(() => undefined);
  else void work();
  return () => {
    end.abort();
    channel.close();
  };
}
