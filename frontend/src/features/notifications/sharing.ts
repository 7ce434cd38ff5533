/**
 * One stream for all of a browser's tabs: a browser opens six connections to a site at most, and each stream holds one.
 *
 * Whoever has the lock listens and tells the others; when that tab is closed, the lock goes to the next.
 */

import { openStream, type StreamListener } from '../../api/notifications';
import type { Notification } from '../../api/types';

const name = 'packwalk-notifications';

type Message = { heard: Notification } | 'caughtUp' | 'refused';

/** Listen for notifications, by this tab or another one. Returns what ends it. */
export function listen(listener: StreamListener): () => void {
  const channel = new BroadcastChannel(name);
  const act = (message: Message) => {
    if (typeof message === 'string') listener[message]();
    else listener.heard(message.heard);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => act(data);
  const tell = (message: Message) => {
    channel.postMessage(message);
    act(message);
  };
  const end = new AbortController();
  const work = () => {
    const close = openStream({
      heard: (one) => tell({ heard: one }),
      caughtUp: () => tell('caughtUp'),
      refused: () => tell('refused'),
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
