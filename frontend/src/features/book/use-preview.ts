import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { preview } from '../../api/series';
import type { SeriesRequest } from '../../api/types';

const pause = 250;

/** The same value, once it has stayed the same for a moment. Compared by what it says, not by what it is. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as T), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** What the wish would become. While a newer answer is on its way the last one stays, marked as outdated. */
export function usePreview(wish: SeriesRequest | null) {
  const settled = useSettled(wish);
  const query = useQuery({
    ...preview(settled ?? ({} as SeriesRequest)),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  });
  const waiting = JSON.stringify(settled) !== JSON.stringify(wish);
  return { ...query, settled, isOutdated: waiting || query.isPlaceholderData };
}
