import { expect, test } from 'vitest';

import { Problem } from '../../api/problem';
import type { BookingRequest, Occurrence, SeriesRequest } from '../../api/types';

import type { Draft } from './draft';
import type { OrderResult } from './order';
import {
  initialState,
  isInDoubt,
  takenMeanwhile,
  unanswered,
  type Event,
  type Submission,
  type SubmissionIn,
} from './submission';
import { nextState } from './submission-reducer';

const draft = { startTime: '12:00' } as Draft;
const request = { start_time: '12:00', accepted_dates: null } as unknown as SeriesRequest;
const order = { operation: 'series', request, walks: 2, draft } as const;
const other = { ...order, request: { ...request, start_time: '14:00' }, walks: 4 };
const made: OrderResult = { receipt: '/series/id', walks: 2 };
const now_ms = Date.parse('2026-11-27T12:00:00Z');
const sent = { ...order, key: 'first', sentAt_ms: now_ms };
const press: Event = { type: 'pressed', key: 'second', now_ms };
const dayLater_ms = now_ms + 24 * 60 * 60 * 1000;

function problem(status: number, type = 'a-problem', occurrences?: Occurrence[]): Problem {
  const body = { type: `/problems/${type}`, title: '', status, detail: 'No.', retryable: true, correlation_id: null };
  return new Problem({ ...body, ...(occurrences && { occurrences }) });
}

const conflicts = problem(409, 'booking-conflicts', [
  { date: '2026-12-07', outcome: 'available' },
  { date: '2026-12-14', outcome: 'conflict' },
] as Occurrence[]);

const states = {
  draft: initialState,
  checked: { at: 'checked', order },
  sending: { at: 'sending', sent, presses: 1, problem: null, isInDoubt: false, by: 'person' },
  asking: { at: 'sending', sent, presses: 1, problem: problem(0), isInDoubt: true, by: 'page' },
  unknown: { at: 'unknown', sent, presses: 1, problem: problem(0), isExpired: false },
  expired: { at: 'unknown', sent, presses: 0, problem: null, isExpired: true },
  refused: { at: 'refused', sent, presses: 1, problem: problem(503), order: null },
  taken: { at: 'refused', sent, presses: 1, problem: conflicts, order: other },
  booked: { at: 'booked', sent, made, wasInDoubt: false },
} as const satisfies Record<string, Submission>;

const events: Record<Event['type'], Event> = {
  checked: { type: 'checked', order },
  changed: { type: 'changed' },
  chosen: { type: 'chosen' },
  pressed: press,
  accepted: { type: 'accepted', key: 'second', now_ms },
  made: { type: 'made', made },
  failed: { type: 'failed', problem: problem(0) },
  asked: { type: 'asked', by: 'page', now_ms },
  found: { type: 'found', sent, now_ms },
  left: { type: 'left' },
  abandoned: { type: 'abandoned' },
};

/** Every transition: where each event leads from each state; '-' is nowhere. */
const table: Record<keyof typeof states, Record<Event['type'], Submission['at'] | '-'>> = {
  draft: row({ checked: 'checked', found: 'sending' }),
  checked: row({
    checked: 'checked',
    changed: 'draft',
    chosen: 'draft',
    pressed: 'sending',
    found: 'sending',
    left: 'draft',
  }),
  sending: row({ made: 'booked', failed: 'unknown' }),
  asking: row({ made: 'booked', failed: 'unknown' }),
  unknown: row({ asked: 'sending', abandoned: 'draft' }),
  expired: row({ abandoned: 'draft' }),
  refused: row({ checked: 'refused', changed: 'draft', chosen: 'draft', pressed: 'sending', left: 'draft' }),
  taken: row({ checked: 'refused', changed: 'draft', chosen: 'refused', accepted: 'sending', left: 'draft' }),
  booked: row({ left: 'draft' }),
};

function row(leads: Partial<Record<Event['type'], Submission['at']>>): Record<Event['type'], Submission['at'] | '-'> {
  const nowhere = Object.keys(events).map((type) => [type, '-'] as const);
  return { ...Object.fromEntries(nowhere), ...leads } as Record<Event['type'], Submission['at'] | '-'>;
}

const transitions = Object.entries(table).flatMap(([state, its]) =>
  Object.entries(its).map(([event, leads]) => [state, event, leads] as const),
);

test.each(transitions)('%s, %s: %s', (name, type, leads) => {
  const before: Submission = states[name as keyof typeof states];
  const next = nextState(before, events[type as Event['type']]);
  if (leads === '-' && before.at === 'draft') expect(next.at).toBe('draft');
  else if (leads === '-') expect(next).toBe(before);
  else expect(next.at).toBe(leads);
});

test('a press sends what is on the screen, with the key and the time of the press', () => {
  const next = nextState({ at: 'checked', order: other }, press) as SubmissionIn<'sending'>;
  expect(next.sent).toEqual({ ...other, key: 'second', sentAt_ms: now_ms });
  expect(next.isInDoubt).toBe(false);
});

test('after a refusal the same is sent with the same key', () => {
  expect((nextState(states.refused, press) as SubmissionIn<'sending'>).sent).toEqual(sent);
});

test('after a refusal what was changed is another submission', () => {
  const changed = nextState(nextState(states.refused, { type: 'changed' }), { type: 'checked', order: other });
  expect((nextState(changed, press) as SubmissionIn<'sending'>).sent).toMatchObject({
    key: 'second',
    request: other.request,
  });
});

test('a refused order is still the refused one while its preview is asked for, and when it comes back the same', () => {
  const asked = nextState(states.refused, { type: 'checked', order: null });
  expect(asked.at).toBe('refused');
  expect(nextState(asked, { type: 'checked', order }).at).toBe('refused');
  expect(nextState(asked, { type: 'checked', order: other })).toEqual({ at: 'checked', order: other });
});

test('nothing is checked while the preview is asked for', () => {
  expect(nextState(states.checked, { type: 'checked', order: null })).toEqual(initialState);
});

test('dates that went are got past by an explicit yes alone, which sends what is left', () => {
  expect(nextState(states.taken, press)).toBe(states.taken);
  const accepted = nextState(states.taken, { type: 'accepted', key: 'third', now_ms }) as SubmissionIn<'sending'>;
  expect(accepted.sent).toEqual({ ...other, key: 'third', sentAt_ms: now_ms });
});

test('there is no yes to nothing', () => {
  const nothingLeft: Submission = { ...states.taken, order: null };
  expect(nextState(nothingLeft, { type: 'accepted', key: 'third', now_ms })).toBe(nothingLeft);
});

test('which dates went stays said while alternatives are chosen for them', () => {
  const chosen = nextState(states.taken, { type: 'chosen' }) as SubmissionIn<'refused'>;
  expect([...takenMeanwhile(chosen)]).toEqual(['2026-12-14']);
});

test('a single walk whose time went is news of its date', () => {
  const single = { ...sent, operation: 'booking', request: {} as BookingRequest } as const;
  expect([...takenMeanwhile({ ...states.taken, sent: single })]).toEqual(['2026-12-14']);
});

test('a date that was not asked for is no news', () => {
  const without = { ...sent, request: { ...request, accepted_dates: ['2026-12-07'] } };
  expect(takenMeanwhile({ ...states.taken, sent: without }).size).toBe(0);
  expect(takenMeanwhile(states.checked).size).toBe(0);
});

const certain = [400, 401, 403, 404, 409, 415, 422, 429, 503];

test.each(certain)('a first %i says that nothing was made', (status) => {
  expect(nextState(states.sending, { type: 'failed', problem: problem(status) }).at).toBe('refused');
});

test.each([0, 500, 502, 504])('after a first %i nobody knows', (status) => {
  expect(nextState(states.sending, { type: 'failed', problem: problem(status) }).at).toBe('unknown');
});

test('a submission that is still being worked on is not refused', () => {
  const working = problem(409, 'request-in-progress');
  expect(nextState(states.sending, { type: 'failed', problem: working }).at).toBe('unknown');
});

test.each([409, 422])('a %i ends a doubt: the key was looked up', (status) => {
  expect(nextState(states.asking, { type: 'failed', problem: problem(status) }).at).toBe('refused');
});

test.each([401, 403, 404, 429, 500, 503])('a %i leaves a doubt as it was', (status) => {
  const next = nextState(states.asking, { type: 'failed', problem: problem(status) });
  expect(next.at).toBe('unknown');
  expect(unanswered(next)).toEqual(sent);
});

test('what is asked again has the same key, and counts the presses of people alone', () => {
  const byPerson = nextState(states.unknown, { type: 'asked', by: 'person', now_ms }) as SubmissionIn<'sending'>;
  expect(byPerson).toMatchObject({ sent, presses: 2, isInDoubt: true });
  expect(nextState(states.unknown, events.asked)).toMatchObject({ sent, presses: 1, isInDoubt: true });
});

test('a key that the server has forgotten is never sent again', () => {
  expect(nextState(states.unknown, { type: 'asked', by: 'person', now_ms: dayLater_ms })).toMatchObject({
    at: 'unknown',
    isExpired: true,
  });
  expect(nextState(initialState, { type: 'found', sent, now_ms: dayLater_ms })).toMatchObject({
    at: 'unknown',
    isExpired: true,
  });
});

test('what was found without an answer is sent again, in doubt', () => {
  expect(nextState(initialState, events.found)).toMatchObject({ at: 'sending', sent, isInDoubt: true, by: 'page' });
});

test('a booking whose answer was lost at first says so', () => {
  expect(nextState(states.asking, events.made)).toMatchObject({ at: 'booked', wasInDoubt: true });
  expect(nextState(states.sending, events.made)).toMatchObject({ at: 'booked', wasInDoubt: false });
});

test('only what has no answer is kept, and only what may have been booked is in doubt', () => {
  const kept = Object.entries(states).filter(([, state]) => unanswered(state) !== null);
  expect(kept.map(([name]) => name)).toEqual(['sending', 'asking', 'unknown', 'expired']);
  const doubtful = Object.entries(states).filter(([, state]) => isInDoubt(state));
  expect(doubtful.map(([name]) => name)).toEqual(['asking', 'unknown', 'expired']);
});
