import { expect, test } from 'vitest';

import type { Booking, Series } from '../../api/types';

import { withSingleWalks } from './single-walks';

const booking = (series_id: string | null) => ({ series_id }) as Booking;
const series = (id: string, count: number | null) => ({ id, rule: { count } }) as Series;

test('a walk of a rule with one date is part of no series', () => {
  const listed = [series('one', 1), series('year', 52), series('until', null)];
  const found = withSingleWalks([booking('one'), booking('year'), booking('until'), booking(null)], listed);
  expect(found.map(({ series_id }) => series_id)).toEqual([null, 'year', 'until', null]);
});
