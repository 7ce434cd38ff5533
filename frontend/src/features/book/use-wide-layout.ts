import { useSyncExternalStore } from 'react';

/** Where the result stands beside the form; the same width as in book.css. */
const query = '(min-width: 1024px)';

function subscribe(changed: () => void) {
  const list = window.matchMedia(query);
  list.addEventListener('change', changed);
  return () => list.removeEventListener('change', changed);
}

/** Whether form and result stand side by side. */
export const useWideLayout = (): boolean => useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
