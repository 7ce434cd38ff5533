import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { preview } from '../../api/series';
import type { SeriesRequest } from '../../api/types';

/** How long typing has to rest before it is asked about: each key of a number or a date is a wish of its own. */
const typingPause_ms = 120;

const typed: ReadonlySet<string> = new Set<keyof SeriesRequest>(['starts_on', 'start_time', 'count', 'until']);

/** Whether two wishes differ in nothing but what is typed. What is chosen (a weekday, a walker, a dog) is final at once. */
export function isTyping(before: SeriesRequest | null, after: SeriesRequest | null): boolean {
  if (!before || !after) return false;
  const names = Object.keys(after) as (keyof SeriesRequest)[];
  return names.every((name) => typed.has(name) || JSON.stringify(before[name]) === JSON.stringify(after[name]));
}

/** The wish to ask about: this one, or while somebody types the one before. Compared by what it says, not by what it is. */
function useSettled(request: SeriesRequest | null): SeriesRequest | null {
  const [settled, setSettled] = useState(request);
  const text = JSON.stringify(request);
  const isNew = text !== JSON.stringify(settled);
  const waits = isNew && isTyping(settled, request);
  // React draws again with the new one before it shows anything.
  if (isNew && !waits) setSettled(request);
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => setSettled(JSON.parse(text) as SeriesRequest), typingPause_ms);
    return () => clearTimeout(timer);
  }, [text, waits]);
  return settled;
}

/** What the wish would become. While a newer answer is on its way the last one stays, marked as outdated. */
export function usePreview(request: SeriesRequest | null) {
  const settled = useSettled(request);
  const query = useQuery({
    ...preview(settled ?? ({} as SeriesRequest)),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  });
  const waiting = JSON.stringify(settled) !== JSON.stringify(request);
  return { ...query, settled, isOutdated: waiting || query.isPlaceholderData };
}
