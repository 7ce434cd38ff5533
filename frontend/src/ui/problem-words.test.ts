import { expect, test } from 'vitest';

import { problemOf, readProblem } from '../api/problem';

import { fieldErrors } from './field-errors';

const refusal = {
  type: '/problems/invalid-request',
  title: 'Please check what you entered',
  status: 422,
  detail: 'dog_ids.0: is not one of your dogs',
  retryable: false,
  correlation_id: 'abc-123',
  fields: [{ path: 'dog_ids.0', message: 'is not one of your dogs' }],
};

test('a refusal keeps the server’s own words', () => {
  const problem = readProblem(422, refusal, null);
  expect(problem.message).toBe(refusal.detail);
  expect(problem.is('invalid-request')).toBe(true);
});

test('an answer that is no problem document says its status, and that it may pass where it may', () => {
  expect(readProblem(502, '<html>', 'abc-123').body).toMatchObject({ retryable: true, correlation_id: 'abc-123' });
  expect(readProblem(404, null, null).body.retryable).toBe(false);
});

test('what never reached the server can be retried', () => {
  expect(problemOf(new TypeError('Failed to fetch')).body.retryable).toBe(true);
  expect(problemOf(new DOMException('', 'TimeoutError')).message).toContain('nothing is ever booked twice');
});

test('what is wrong with an item of a list is said at the list', () => {
  expect(fieldErrors(readProblem(422, refusal, null))).toEqual({ dog_ids: 'This is not one of your dogs.' });
  expect(fieldErrors(null)).toEqual({});
});
