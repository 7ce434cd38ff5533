/** One key for one submission: kept for the same payload until it is answered, so that no retry can book twice. */

import type { SeriesRequest } from '../../api/types';

const place = 'packwalk.submission';

interface Kept {
  payload: string;
  key: string;
}

/** The key of this payload: the one it was sent with before, or a new one. It outlives a reload. */
export function keyFor(request: SeriesRequest, storage: Storage = sessionStorage): string {
  const payload = JSON.stringify(request);
  const kept = read(storage);
  if (kept?.payload === payload) return kept.key;
  const key = crypto.randomUUID();
  storage.setItem(place, JSON.stringify({ payload, key } satisfies Kept));
  return key;
}

/** The submission was answered with what it made: whatever comes next is another one. */
export const forgetKey = (storage: Storage = sessionStorage): void => storage.removeItem(place);

function read(storage: Storage): Kept | null {
  try {
    return JSON.parse(storage.getItem(place) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}
