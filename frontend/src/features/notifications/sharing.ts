/**
 * One stream for all of a browser's tabs: a browser opens six connections to a site at most, and each stream holds one.
 *
 * Whoever has the lock listens and tells the others; when that tab is closed, the lock goes to the next.
 */

import { openStream } from '../../api/notifications';
import type { Notification } from '../../api/types';

const name = 'packwalk-notifications';

export interface Listener {
  heard: (one: Notification) => void;
  /** There may be more than was heard. */
  caughtUp: () => void;
}

/** Listen for notifications, by this tab or another one. Returns what ends it. */
export function listen({ heard, caughtUp }: Listener): () => void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<Notification | null>) => (data ? heard(data) : caughtUp());
  const end = new AbortController();
  const work = () => {
    const close = openStream(
      (one) => {
        channel.postMessage(one);
        heard(one);
      },
      () => {
        channel.postMessage(null);
        caughtUp();
      },
    );
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
