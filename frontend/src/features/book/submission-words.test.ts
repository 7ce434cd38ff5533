import { expect, test } from 'vitest';

import { Problem } from '../../api/problem';
import type { SeriesRequest } from '../../api/types';

import type { Plan } from './plan';
import type { Sent, Submission } from './submission';
import { buttonOf, doubtOf, toastOf } from './submission-words';

const sent = { request: {} as SeriesRequest, walks: 2, key: 'key', sentAt_ms: 0 } as Sent;
const away = problem({ status: 503, retryable: true });
const plan = { made: 2, skipped: 0, leftOut: 0 } as Plan;

function problem(body: Partial<Problem['body']>): Problem {
  return new Problem({
    type: '/problems/a-problem',
    title: 'No',
    status: 409,
    detail: 'That went wrong.',
    retryable: false,
    correlation_id: 'abc-123',
    ...body,
  });
}

const refused = (why: Problem): Submission => ({
  at: 'refused',
  sent,
  presses: 1,
  problem: why,
  order: null,
});
const sending: Submission = { at: 'sending', sent, presses: 1, problem: null, isInDoubt: false, by: 'person' };
const unknown: Submission = { at: 'unknown', sent, presses: 1, problem: away, isExpired: false };

test('a refusal is said with what support asks for, and Retry where that can help', () => {
  expect(toastOf(refused(away))).toMatchObject({ text: 'That went wrong.', reference: 'abc-123', hasRetry: true });
  expect(toastOf(refused(problem({})))).toMatchObject({ hasRetry: false });
});

test('what is said at its field, or by the sign-in page, is not said twice', () => {
  expect(toastOf(refused(problem({ status: 422, fields: [{ path: 'count', message: 'Too many.' }] })))).toBeNull();
  expect(toastOf(refused(problem({ status: 401 })))).toBeNull();
  expect(toastOf(refused(problem({ occurrences: [] })))).toBeNull();
});

test('a retry changes its toast in place, and its failure is another saying of the same', () => {
  const again: Submission = { ...sending, presses: 2, problem: away };
  expect(toastOf(again)).toMatchObject({ kind: 'busy', times: 2 });
  expect(toastOf({ ...unknown, presses: 2 })).toMatchObject({ kind: 'error', times: 2 });
});

test('what the page does by itself leaves the toast as it is', () => {
  expect(toastOf({ ...sending, problem: away, by: 'page', isInDoubt: true })).toEqual(toastOf(unknown));
});

test('a first sending says nothing, nor does what went well', () => {
  expect(toastOf(sending)).toBeNull();
  expect(toastOf({ at: 'draft' })).toBeNull();
});

test('a doubt is told in the form for as long as it lasts', () => {
  expect(doubtOf(unknown)?.title).toBe('We do not know yet whether your 2 walks were booked');
  expect(doubtOf({ ...unknown, sent: { ...sent, walks: 1 } })?.title).toContain('your 1 walk was booked');
  expect(doubtOf({ ...unknown, isExpired: true })?.text).toContain('Look at your bookings');
  expect(doubtOf(unknown)?.text).toMatch(/^That went wrong\. We keep asking/);
  expect(doubtOf(unknown, true)?.text).toMatch(/^We keep asking/);
  expect(doubtOf(sending)).toBeNull();
});

test('the button says in numbers what it does, and does nothing else', () => {
  const checked: Submission = { at: 'draft' };
  expect(buttonOf(checked, plan, false)).toEqual({ words: 'Book 2 walks', does: 'book', isBusy: false });
  expect(buttonOf(checked, { ...plan, skipped: 1 }, false).words).toBe('Create 2 available bookings');
  expect(buttonOf(checked, { ...plan, made: 0 }, false)).toMatchObject({ words: 'No date is free', does: 'nothing' });
  expect(buttonOf(checked, plan, true)).toMatchObject({ does: 'nothing', isBusy: true });
  expect(buttonOf(sending, plan, false)).toMatchObject({ words: 'Booking…', does: 'nothing', isBusy: true });
  expect(buttonOf(unknown, null, false)).toMatchObject({ words: 'Ask again', does: 'ask' });
  expect(buttonOf({ ...unknown, isExpired: true }, null, false).does).toBe('nothing');
  expect(buttonOf(refused(away), plan, false).does).toBe('book');
  expect(buttonOf(refused(problem({ occurrences: [] })), plan, false).does).toBe('look');
});
