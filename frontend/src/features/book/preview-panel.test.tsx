import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { SeriesPreview } from '../../api/types';
import { addDays } from '../../words/dates';

import { noChoices } from './choices';
import type { Draft } from './draft';
import { occurrence, walkers } from './example-plan';
import { planOf } from './plan';
import { PreviewPanel } from './preview-panel';
import type { BookingOptions } from './use-booking-options';

const day = (week: number) => addDays('2027-01-04', 7 * week);
const occurrences = [
  occurrence(day(0)),
  occurrence(day(1), 'time_off', ['Priya 09:00', 'Sam 10:45']),
  occurrence(day(2), 'another_walk', ['Priya 09:00']),
  occurrence(day(3)),
];
const preview = { walker_id: 'Sam', occurrences, walkers: null } as unknown as SeriesPreview;
const options = { organization: { time_zone: 'Europe/London', currency: 'GBP' }, walkers } as unknown as BookingOptions;
const draft = { walkerId: 'Sam', startTime: '09:00' } as Draft;

function Panel({ news = [] }: { news?: string[] }) {
  const [choices, change] = useState(noChoices);
  const plan = planOf(occurrences, choices, 2000, new Set(news));
  return <PreviewPanel {...{ preview, plan, options, draft, choices, change }} isOutdated={false} isLocked={false} />;
}

function at(width: 'desk' | 'phone') {
  vi.stubGlobal('matchMedia', () => ({
    matches: width === 'desk',
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
}

const sum = () => screen.getByRole('heading', { level: 2 }).textContent;
const button = (name: RegExp | string) => screen.getByRole('button', { name });

beforeEach(() => {
  at('desk');
  // The dialog wants it, and jsdom has none.
  vi.stubGlobal('CSS', { escape: (text: string) => text });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('choosing and undoing an alternative moves the sum, and the focus stays at the line', () => {
  render(<Panel />);
  expect(sum()).toBe('2 of 4 walks are free · £40');
  fireEvent.click(button('10:45 with Sam instead, Mon 11 Jan 2027'));
  expect(sum()).toBe('3 of 4 walks are free · £60');
  expect(document.activeElement?.textContent).toBe(' Undo');
  fireEvent.click(button(/^Undo the choice for Mon 11 Jan/));
  expect(sum()).toBe('2 of 4 walks are free · £40');
  expect(document.activeElement).toBe(button('Priya at 09:00 instead, Mon 11 Jan 2027'));
});

test('many dates are mended by one press, and by one press taken back', () => {
  render(<Panel />);
  expect(screen.getByRole('heading', { name: '2 dates need you' })).toBeDefined();
  expect(screen.getByText('Sam is off that day · 1 date')).toBeDefined();
  fireEvent.click(button('Use Priya at 09:00 on 2'));
  expect(sum()).toBe('All 4 walks are free · £80');
  expect(document.activeElement).toBe(button('Undo'));
  fireEvent.click(button('Undo'));
  expect(sum()).toBe('2 of 4 walks are free · £40');
  expect(document.activeElement).toBe(button('Use Priya at 09:00 on 2'));
});

test('dates that are skipped together are no longer asked for', () => {
  render(<Panel />);
  fireEvent.click(button('Skip all'));
  expect(sum()).toBe('All 2 walks are free · £40');
  expect(screen.getByText(/2 left out/)).toBeDefined();
  fireEvent.click(button('Put all back'));
  expect(sum()).toBe('2 of 4 walks are free · £40');
});

test('a tick leaves out a date that is free, and it stays where it is', () => {
  render(<Panel />);
  const tick = screen.getByRole('checkbox', { name: 'Mon 4 Jan' });
  fireEvent.click(tick);
  expect(sum()).toBe('1 of 3 walks is free · £20');
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Mon 4 Jan' })).toBe(tick);
  fireEvent.click(tick);
  expect(sum()).toBe('2 of 4 walks are free · £40');
});

test('on a phone the months are closed, and a press on a date opens its card', () => {
  at('phone');
  render(<Panel />);
  expect(screen.queryByRole('checkbox')).toBeNull();
  fireEvent.click(button(/^Mon 11 Jan 2027 09:00: taken/));
  const card = within(screen.getByRole('dialog', { name: 'Mon 11 Jan 2027, 09:00' }));
  expect(card.getByText('Sam is off that day')).toBeDefined();
  fireEvent.click(card.getByRole('button', { name: /^Priya at 09:00/ }));
  fireEvent.click(card.getByRole('button', { name: 'Next: Mon 18 Jan 2027' }));
  expect(screen.getByRole('dialog', { name: 'Mon 18 Jan 2027, 09:00' })).toBeDefined();
});

test('dates that were taken meanwhile are marked', () => {
  render(<Panel news={[day(2)]} />);
  expect(screen.getByText('New').closest('li')?.id).toBe(`date-${day(2)}`);
});

test('the names of all buttons begin with what is seen', () => {
  render(<Panel />);
  for (const one of screen.getAllByRole('button')) {
    const seen = one.textContent.trim();
    expect((one.getAttribute('aria-label') ?? seen).startsWith(seen)).toBe(true);
  }
});
