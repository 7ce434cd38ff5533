import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { problemOf, readProblem } from '../api/problem';

import { fieldErrors, messageBesideFields } from './field-errors';

interface Refused {
  operation: string;
  fields: { path: string; message: string }[];
  detail: string;
}

/** Every refusal that the services were made to say, one wrong value of each kind at each field. */
const contract = join(import.meta.dirname, '../../../contracts/problems/refused-requests.json');
const refusals = JSON.parse(readFileSync(contract, 'utf8')) as Refused[];

const refusal = (fields: Refused['fields'], detail = fields[0]?.message ?? '') => ({
  type: '/problems/invalid-request',
  title: 'Please check what you entered',
  status: 422,
  detail,
  retryable: false,
  correlation_id: 'abc-123',
  fields,
});

const gone = { path: 'dog_ids.0', message: 'This is not one of your dogs any more. Please choose again.' };
const past = { path: 'starts_on', message: 'This day has passed already. Choose today or a later day.' };

test('a refusal keeps the server’s own words', () => {
  const problem = readProblem(422, refusal([gone]), null);
  expect(problem.message).toBe(gone.message);
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
  expect(fieldErrors(readProblem(422, refusal([gone]), null))).toEqual({ dog_ids: gone.message });
  expect(fieldErrors(null)).toEqual({});
});

test('what stands at a field is not said again elsewhere, and what has no field there is said with its label', () => {
  const problem = readProblem(422, refusal([gone, past]), null);
  expect(messageBesideFields(problem, ['dog_ids', 'starts_on'])).toBeNull();
  expect(messageBesideFields(problem, ['dog_ids'])).toBe(`Starts: ${past.message}`);
  expect(
    messageBesideFields(readProblem(503, { ...refusal([]), status: 503, detail: 'Try again.' }, null), ['dog_ids']),
  ).toBe('Try again.');
});

test('no refusal of any operation puts a programmer’s name on the screen', () => {
  expect(refusals.length).toBeGreaterThan(300);
  for (const { operation, fields, detail } of refusals) {
    const problem = readProblem(422, refusal(fields, detail), null);
    const shown = [...Object.values(fieldErrors(problem)), messageBesideFields(problem) ?? '', problem.message];
    for (const words of shown) {
      expect(words, operation).toMatch(/^[A-Z].*[.!?]$/);
      expect(words, operation).not.toMatch(/\b\w+_\w+\b|\bvalues?\b|\bitems?\b|\.\d|\bnull\b|\bstring\b|\bJSON\b/i);
      for (const { path } of fields) expect(words.split(/[\s:]+/), operation).not.toContain(path);
    }
  }
});
