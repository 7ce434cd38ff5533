import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { serverNow } from '../../api/clock';
import { preview } from '../../api/series';
import type { SeriesPreview, SeriesRequest } from '../../api/types';
import type { MarkedDays } from '../../ui/date-calendar';
import { addDays, localDate, localTime } from '../../words/dates';
import { weekdays } from '../../words/weekdays';

import type { Draft } from './draft';

type Walk = Pick<Draft, 'serviceId' | 'walkerId' | 'locationId' | 'dogIds' | 'startTime'>;

/** The days of a month on which the draft's walk would be free: asked in one preview, only while the calendar is open. */
export function useFreeDays(walk: Walk, zone: string): MarkedDays {
  const [month, setMonth] = useState<string | null>(null);
  const daily = month === null ? null : everyDayOf(month, walk, firstDay(walk, serverNow(), zone));
  const { data } = useQuery({ ...preview(daily ?? ({} as SeriesRequest)), enabled: daily !== null });
  const days = daily && data ? freeDays(data, walk.walkerId === '') : undefined;
  return { days, words: `free at ${walk.startTime}`, onMonth: setMonth };
}

/** Today, or tomorrow where today's time has passed. */
export function firstDay({ startTime }: Walk, now: Date, zone: string): string {
  const today = localDate(now, zone);
  return startTime > localTime(now, zone) ? today : addDays(today, 1);
}

/** The walk on every day of a month (YYYY-MM) from a day on; null where there is no such day or the draft says too little. */
export function everyDayOf(month: string, walk: Walk, from: string): SeriesRequest | null {
  const first = `${month}-01` < from ? from : `${month}-01`;
  const nextMonth = addDays(`${month}-01`, 31).slice(0, 7);
  const last = addDays(`${nextMonth}-01`, -1);
  if (first > last || !walk.dogIds.length || !walk.serviceId || !walk.locationId || !walk.startTime) return null;
  return {
    service_id: walk.serviceId,
    walker_id: walk.walkerId || null,
    location_id: walk.locationId,
    dog_ids: [...walk.dogIds].sort(),
    starts_on: first,
    start_time: walk.startTime,
    weekdays,
    interval_weeks: 1,
    count: null,
    until: last,
  };
}

/** Where any walker will do, a day is free as soon as one of them is. */
export function freeDays({ occurrences }: SeriesPreview, anyWalker: boolean): Set<string> {
  const free = occurrences.filter(
    ({ outcome, scheduled_start: start, alternatives }) =>
      outcome !== 'conflict' || (anyWalker && alternatives.some((other) => other.scheduled_start === start)),
  );
  return new Set(free.map(({ date }) => date));
}
