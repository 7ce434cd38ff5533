import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { problemOf, readProblem } from '../api/problem';

import { ProblemNote } from './problem-note';
import { useSubmit } from './use-submit';

interface Sent {
  name: string;
  key: string;
  succeed: () => void;
  fail: (error: unknown) => void;
}

let sent: Sent[] = [];
const made = vi.fn();

function Form() {
  const [name, setName] = useState('Biscuit');
  const { form, errors, note, isPending } = useSubmit({
    fields: ['name'],
    payload: () => ({ name }),
    send: (dog, key) =>
      new Promise<void>((succeed, fail) => sent.push({ name: dog.name, key, succeed: () => succeed(), fail })),
    done: made,
  });
  return (
    <form {...form}>
      {note && <ProblemNote {...note} />}
      <input
        aria-label="Name"
        aria-invalid={errors.name ? true : undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {errors.name && <p>{errors.name}</p>}
      <button>{isPending ? 'Adding' : 'Add'}</button>
    </form>
  );
}

const press = () => fireEvent.submit(screen.getByRole('button', { name: /Add/ }));
const answer = (how: () => void) =>
  act(() => {
    how();
    return Promise.resolve();
  });
const lost = () => problemOf(new TypeError('Failed to fetch'));
const refusal = (path: string, message: string) =>
  readProblem(
    422,
    {
      type: '/problems/invalid-request',
      title: 'Refused',
      status: 422,
      detail: message,
      retryable: false,
      fields: [{ path, message }],
    },
    null,
  );

beforeEach(() => {
  sent = [];
  made.mockClear();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Form />
    </QueryClientProvider>,
  );
});

afterEach(cleanup);

test('what is being sent is not sent again', async () => {
  press();
  press();
  await waitFor(() => expect(sent).toHaveLength(1));
  press();
  await answer(() => sent[0]?.succeed());
  expect(sent).toHaveLength(1);
  expect(made).toHaveBeenCalledOnce();
});

test('Retry has the key of the answer that was lost, and a new key comes after an answer', async () => {
  press();
  await waitFor(() => expect(sent).toHaveLength(1));
  await answer(() => sent[0]?.fail(lost()));
  press();
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.key).toBe(sent[0]?.key);
  await answer(() => sent[1]?.succeed());
  press();
  await waitFor(() => expect(sent).toHaveLength(3));
  expect(sent[2]?.key).not.toBe(sent[0]?.key);
});

test('other contents have another key', async () => {
  press();
  await waitFor(() => expect(sent).toHaveLength(1));
  await answer(() => sent[0]?.fail(lost()));
  fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Juno' } });
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  press();
  await waitFor(() => expect(sent.at(-1)?.name).toBe('Juno'));
  expect(sent.at(-1)?.key).not.toBe(sent[0]?.key);
});

test('a mistake is said once, at its field, which has the focus', async () => {
  press();
  await waitFor(() => expect(sent).toHaveLength(1));
  await answer(() => sent[0]?.fail(refusal('name', 'Use 200 characters at most.')));
  expect(await screen.findAllByText('Use 200 characters at most.')).toHaveLength(1);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
});

test('a mistake stands until the next answer, so that the button stays where it is for a second click', async () => {
  press();
  await waitFor(() => expect(sent).toHaveLength(1));
  await answer(() => sent[0]?.fail(refusal('name', 'Use 200 characters at most.')));
  await screen.findByText('Use 200 characters at most.');
  press();
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(screen.getByRole('button', { name: 'Adding' })).toBeTruthy();
  expect(screen.getByText('Use 200 characters at most.')).toBeTruthy();
  await answer(() => sent[1]?.succeed());
  await waitFor(() => expect(screen.queryByText('Use 200 characters at most.')).toBeNull());
});

test('the field has the focus also where the browser draws before React does', async () => {
  vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) => {
    draw(0);
    return 0;
  });
  press();
  await waitFor(() => expect(sent).toHaveLength(1));
  await answer(() => sent[0]?.fail(refusal('name', 'Use 200 characters at most.')));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
  vi.unstubAllGlobals();
});

test('a mistake that has no field in the form is said above it, with its label', async () => {
  press();
  await waitFor(() => expect(sent).toHaveLength(1));
  await answer(() => sent[0]?.fail(refusal('breed', 'Use 200 characters at most.')));
  expect(await screen.findByText('Breed: Use 200 characters at most.')).toBeTruthy();
});
