import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Sent } from './submission';

const sent = { operation: 'booking', key: 'key', request: {}, draft: {}, walks: 2, sentAt_ms: 1 } as unknown as Sent;

/** Another tab: the same storage and locks, and a memory of its own. */
async function openTab(): Promise<typeof import('./unanswered-storage')> {
  vi.resetModules();
  return import('./unanswered-storage');
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
  one.saveUnanswered('ann', sent);
  const take = vi.fn(() => true);
  other.takeOverUnanswered('ann', take);
  await settled();
  expect(take).not.toHaveBeenCalled();
  one.removeUnanswered('ann', sent.key);
  await settled();
  expect(take).not.toHaveBeenCalled();
});

test('what a closed tab left is offered once, for its account alone', async () => {
  (await openTab()).saveUnanswered('ann', sent);
  vi.stubGlobal('navigator', { locks: new Locks() });
  const tab = await openTab();
  const [bobs, anns, again] = [vi.fn(() => true), vi.fn(() => true), vi.fn(() => true)];
  tab.takeOverUnanswered('bob', bobs);
  tab.takeOverUnanswered('ann', anns);
  await settled();
  tab.takeOverUnanswered('ann', again);
  await settled();
  expect(bobs).not.toHaveBeenCalled();
  expect(anns).toHaveBeenCalledExactlyOnceWith(sent);
  expect(again).not.toHaveBeenCalled();
});

test('what was kept before single walks had an operation of their own is a series', async () => {
  const { operation, ...older } = sent;
  localStorage.setItem('packwalk.submission.ann.key', JSON.stringify(older));
  const take = vi.fn(() => true);
  (await openTab()).takeOverUnanswered('ann', take);
  await settled();
  expect(operation).toBe('booking');
  expect(take).toHaveBeenCalledExactlyOnceWith({ ...older, operation: 'series' });
});

test('what was not taken is offered again', async () => {
  (await openTab()).saveUnanswered('ann', sent);
  vi.stubGlobal('navigator', {});
  const tab = await openTab();
  const take = vi.fn(() => false);
  tab.takeOverUnanswered('ann', take);
  tab.takeOverUnanswered('ann', take);
  await settled();
  expect(take).toHaveBeenCalledTimes(2);
});

test('what was answered is kept no longer', async () => {
  const tab = await openTab();
  tab.saveUnanswered('ann', sent);
  tab.removeUnanswered('ann', sent.key);
  expect(localStorage).toHaveLength(0);
});

test.each(['{not json', '{"key": "key"}', 'null'])('what somebody else wrote there does no harm: %s', async (text) => {
  localStorage.setItem('packwalk.submission.ann.key', text);
  const take = vi.fn(() => true);
  (await openTab()).takeOverUnanswered('ann', take);
  await settled();
  expect(take).not.toHaveBeenCalled();
});
