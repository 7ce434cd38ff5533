import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ToastCard, type ToastContent } from './toast-card';

const content: ToastContent = { kind: 'error', text: 'We could not reach Packwalk.', times: 1 };
const close = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  close.mockClear();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function hideTab(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  act(() => void document.dispatchEvent(new Event('visibilitychange')));
}

const pass = (milliseconds: number): void => act(() => void vi.advanceTimersByTime(milliseconds));

test('an error is announced as an alert and anything else as a status', () => {
  const { rerender } = render(<ToastCard content={content} close={close} />);
  expect(screen.getByRole('alert').textContent).toBe(content.text);
  rerender(<ToastCard content={{ ...content, kind: 'done' }} close={close} />);
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByRole('status').textContent).toBe(content.text);
});

test('it closes after eight seconds and not before', () => {
  render(<ToastCard content={content} close={close} />);
  pass(7_999);
  expect(close).not.toHaveBeenCalled();
  pass(1);
  expect(close).toHaveBeenCalledOnce();
});

test('while the tab is hidden no time passes for it, and then only the rest', () => {
  render(<ToastCard content={content} close={close} />);
  pass(5_000);
  hideTab(true);
  pass(60_000);
  expect(close).not.toHaveBeenCalled();
  hideTab(false);
  pass(2_999);
  expect(close).not.toHaveBeenCalled();
  pass(1);
  expect(close).toHaveBeenCalledOnce();
});

test('Retry is there when it can help, and the reference for support under Details', () => {
  const { rerender } = render(<ToastCard content={content} close={close} />);
  expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  rerender(<ToastCard content={{ ...content, retry: close, reference: 'abc-123' }} close={close} />);
  expect(screen.getByRole('button', { name: 'Retry' })).toBeTruthy();
  expect(screen.getByText('abc-123')).toBeTruthy();
});

test('what is said again has its full time once more', () => {
  const { rerender } = render(<ToastCard content={content} close={close} />);
  pass(7_000);
  rerender(<ToastCard content={{ ...content, times: 2 }} close={close} />);
  pass(7_999);
  expect(close).not.toHaveBeenCalled();
  pass(1);
  expect(close).toHaveBeenCalledOnce();
});

test('Retry keeps the focus while it is tried again', () => {
  const { rerender } = render(<ToastCard content={{ ...content, retry: close }} close={close} />);
  act(() => screen.getByRole('button', { name: 'Retry' }).focus());
  rerender(<ToastCard content={{ kind: 'busy', text: 'Trying again…', times: 2 }} close={close} />);
  expect(document.activeElement?.textContent).toBe('Retry');
  rerender(<ToastCard content={{ ...content, times: 2, retry: close }} close={close} />);
  expect(document.activeElement?.textContent).toBe('Retry');
  // jsdom cannot tell where the focus would go when the toast leaves.
  act(() => screen.getByRole('button', { name: 'Retry' }).blur());
});
