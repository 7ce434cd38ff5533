import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Sent } from './submission';

const sent = { operation: 'booking', key: 'key', request: {}, draft: {}, walks: 2, sentAt_ms: 1 } as unknown as Sent;

/** Another tab: the same storage and locks, and a memory of its own. */
async function openTab(): Promise<typeof import('./unanswered')> {
  vi.resetModules();
  return import('./unanswered');
}

/** What the browser does: one holder at a time, and the others in a row. */
class Locks {
  private readonly last = new Map<string, Promise<unknown>>();

  request = (name: string, hold: () => Promise<void> | undefined): Promise<unknown> => {
    const turn = (this.last.get(name) ?? Promise.resolve()).then(hold);
    this.last.set(name, turn);
    return turn;
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal('navigator', { locks: new Locks() });
});
afterEach(() => vi.unstubAllGlobals());

test('what another tab is sending is offered to nobody until that tab has gone or been answered', async () => {
  const [one, other] = [await openTab(), await openTab()];
  one.keep('ann', sent);
  const take = vi.fn(() => true);
  other.takeOver('ann', take);
  await settled();
  expect(take).not.toHaveBeenCalled();
  one.forget('ann', sent.key);
  await settled();
  expect(take).not.toHaveBeenCalled();
});

test('what a closed tab left is offered once, for its account alone', async () => {
  (await openTab()).keep('ann', sent);
  vi.stubGlobal('navigator', { locks: new Locks() });
  const tab = await openTab();
  const [bobs, anns, again] = [vi.fn(() => true), vi.fn(() => true), vi.fn(() => true)];
  tab.takeOver('bob', bobs);
  tab.takeOver('ann', anns);
  await settled();
  tab.takeOver('ann', again);
  await settled();
  expect(bobs).not.toHaveBeenCalled();
  expect(anns).toHaveBeenCalledExactlyOnceWith(sent);
  expect(again).not.toHaveBeenCalled();
});

test('what was kept before single walks had an operation of their own is a series', async () => {
  const { operation, ...older } = sent;
  localStorage.setItem('packwalk.submission.ann.key', JSON.stringify(older));
  const take = vi.fn(() => true);
  (await openTab()).takeOver('ann', take);
  await settled();
  expect(operation).toBe('booking');
  expect(take).toHaveBeenCalledExactlyOnceWith({ ...older, operation: 'series' });
});

test('what was not taken is offered again', async () => {
  (await openTab()).keep('ann', sent);
  vi.stubGlobal('navigator', {});
  const tab = await openTab();
  const take = vi.fn(() => false);
  tab.takeOver('ann', take);
  tab.takeOver('ann', take);
  await settled();
  expect(take).toHaveBeenCalledTimes(2);
});

test('what was answered is kept no longer', async () => {
  const tab = await openTab();
  tab.keep('ann', sent);
  tab.forget('ann', sent.key);
  expect(localStorage).toHaveLength(0);
});

test.each(['{not json', '{"key": "key"}', 'null'])('what somebody else wrote there does no harm: %s', async (text) => {
  localStorage.setItem('packwalk.submission.ann.key', text);
  const take = vi.fn(() => true);
  (await openTab()).takeOver('ann', take);
  await settled();
  expect(take).not.toHaveBeenCalled();
});
