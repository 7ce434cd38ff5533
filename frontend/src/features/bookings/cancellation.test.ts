import { expect, test } from 'vitest';

import type { Booking } from '../../api/types';

import { atShortNotice, bookingsToCancel, cancelledWords, chargeWords } from './cancellation';

const walk = (start: string, status: Booking['status'] = 'scheduled') =>
  ({ id: start, scheduled_start: start, status }) as Booking;

const past = walk('2026-11-16T09:00:00Z');
const off = walk('2026-11-30T09:00:00Z', 'cancelled');
const first = walk('2026-11-23T09:00:00Z');
const second = walk('2026-12-07T09:00:00Z');
const third = walk('2026-12-14T09:00:00Z');
const series = [past, first, off, second, third];
const now = new Date('2026-11-22T12:00:00Z');

test('one walk is that walk', () => {
  expect(bookingsToCancel('one', second, series, now)).toEqual([second]);
});

test('the following are that walk and the later ones that still stand', () => {
  expect(bookingsToCancel('following', second, series, now)).toEqual([second, third]);
});

test('all are those to come: the past and the cancelled stay as they are', () => {
  expect(bookingsToCancel('all', second, series, now)).toEqual([first, second, third]);
});

test('short notice is counted from now', () => {
  expect(atShortNotice([first, second], 24, now)).toEqual([first]);
  expect(atShortNotice([first, second], 12, now)).toEqual([]);
});

test('what may be charged speaks of others only where there are others', () => {
  expect(chargeWords(3, 0, 24)).toBe('Free of charge.');
  expect(chargeWords(1, 1, 24)).toBe('This walk begins in less than 24 hours and may be charged.');
  expect(chargeWords(2, 2, 24)).toBe('All 2 walks begin in less than 24 hours and may be charged.');
  expect(chargeWords(2, 1, 24)).toBe(
    '1 walk begins in less than 24 hours and may be charged; the other is free of charge.',
  );
  expect(chargeWords(5, 2, 1)).toBe(
    '2 walks begin in less than 1 hour and may be charged; the others are free of charge.',
  );
});

test('what was cancelled at short notice is said', () => {
  expect(cancelledWords({ count: 3, late: 0 })).toBe('3 walks cancelled.');
  expect(cancelledWords({ count: 1, late: 1 })).toBe('1 walk cancelled at short notice: it may be charged.');
  expect(cancelledWords({ count: 3, late: 2 })).toBe(
    '3 walks cancelled, 2 of them at short notice: they may be charged.',
  );
});
