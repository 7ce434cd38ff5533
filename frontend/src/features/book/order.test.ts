import { expect, test, vi } from 'vitest';

import { createBooking } from '../../api/bookings';
import { createSeries } from '../../api/series';
import type {
  Alternative,
  BookingCreated,
  BookingRequest,
  Occurrence,
  SeriesCreated,
  SeriesRequest,
} from '../../api/types';

import { leaveOut, noChoices, type Choices } from './choices';
import type { Draft } from './draft';
import { operationOf, send, type Operation } from './order';
import { planOf } from './plan';

vi.mock('../../api/bookings');
vi.mock('../../api/series');

const [sam, priya] = ['sam', 'priya'];
const day = '2026-07-13';
/** 09:30 in London, where it is summer. */
const later: Alternative = { scheduled_start: `${day}T08:30:00Z`, walker_id: priya, walker_name: 'Priya' };
const visit = { service_id: 'walk', location_id: 'home', dog_ids: ['biscuit'] };
const request = {
  ...visit,
  walker_id: null,
  starts_on: day,
  start_time: '09:00',
  count: 1,
} as unknown as SeriesRequest;

const occurrence = (date: string, outcome: Occurrence['outcome']): Occurrence => ({
  date,
  time: '09:00',
  scheduled_start: `${date}T08:00:00Z`,
  scheduled_end: `${date}T09:00:00Z`,
  walker_id: sam,
  outcome,
  conflicts: [],
  alternatives: outcome === 'conflict' ? [later] : [],
});

function operation(occurrences: Occurrence[], choices: Choices = noChoices): Operation {
  return operationOf(request, sam, planOf(occurrences, choices, 2000), 'Europe/London');
}

test('a walk without any repetition is a single booking with whoever was picked', () => {
  expect(operation([occurrence(day, 'available')])).toEqual({
    operation: 'booking',
    request: { ...visit, walker_id: sam, date: day, start_time: '09:00' },
  });
});

test('a chosen alternative is booked at its own local time and with its walker', () => {
  const choices: Choices = { ...noChoices, instead: { [day]: later } };
  expect(operation([occurrence(day, 'conflict')], choices)).toEqual({
    operation: 'booking',
    request: { ...visit, walker_id: priya, date: day, start_time: '09:30' },
  });
});

test('what repeats is a series, however many of its dates are left', () => {
  const dates = [occurrence(day, 'available'), occurrence('2026-07-20', 'available')];
  expect(operation(dates)).toMatchObject({ operation: 'series', request: { accepted_dates: null } });
  const left = operation(dates, leaveOut(noChoices, ['2026-07-20']));
  expect(left).toMatchObject({ operation: 'series', request: { accepted_dates: [day] } });
});

const rest = { walks: 1, draft: {} as Draft };

test('a single walk is sent as one, with its key, and its receipt is the booking’s', async () => {
  vi.mocked(createBooking).mockResolvedValue({ booking: { id: 'one' } } as BookingCreated);
  const request: BookingRequest = { ...visit, walker_id: sam, date: day, start_time: '09:00' };
  const made = await send({ operation: 'booking', request, ...rest }, 'key');
  expect(made).toEqual({ receipt: '/bookings/one', walks: 1 });
  expect(createBooking).toHaveBeenCalledExactlyOnceWith(request, 'key');
  expect(createSeries).not.toHaveBeenCalled();
});

test('a series is sent as one, and its receipt is the series’', async () => {
  vi.mocked(createSeries).mockResolvedValue({ series: { id: 'all' }, bookings: [{}, {}] } as SeriesCreated);
  const made = await send({ operation: 'series', request: request, ...rest }, 'key');
  expect(made).toEqual({ receipt: '/series/all', walks: 2 });
  expect(createSeries).toHaveBeenCalledExactlyOnceWith(request, 'key');
});
