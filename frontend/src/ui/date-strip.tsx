import { useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';

import { weekdayIndex } from '../words/dates';
import { showWeekday, weekdays } from '../words/weekdays';

import { dateAt, weeksOf, type Week } from './date-strip-weeks';
import './date-strip.css';

export type CellKind = 'free' | 'tight' | 'taken' | 'chosen' | 'left_out' | 'cancelled';

export interface Cell {
  date: string;
  kind: CellKind;
  /** "Mon 28 Dec 09:00: taken". */
  words: string;
}

interface Props {
  label: string;
  /** In time order. */
  cells: readonly Cell[];
  /** The local date, YYYY-MM-DD. */
  today: string;
  onPress: (date: string) => void;
}

/** A year at a glance, a cell a date, a column a week. One stop for the Tab key; the arrows go from date to date. */
export function DateStrip({ label, cells, today, onPress }: Props) {
  const { weeks, rows } = useMemo(() => weeksOf(cells, today), [cells, today]);
  const [current, setCurrent] = useState<string | null>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const stop = cells.some(({ date }) => date === current) ? current : cells[0]?.date;
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const dates = cells.map(({ date }) => date);
    const to = stop && dateAt(event.key, stop, dates);
    if (!to) return;
    event.preventDefault();
    setCurrent(to);
    toolbar.current?.querySelector<HTMLElement>(`[data-date="${to}"]`)?.focus();
  };
  const letters = rows.length > 1 ? rows.map((row) => showWeekday(weekdays[row] ?? 'MO').slice(0, 1)).join('\n') : '';
  return (
    <div
      ref={toolbar}
      className="date-strip"
      role="toolbar"
      aria-label={label}
      tabIndex={-1}
      data-lettered={letters ? true : undefined}
      style={{ '--rows': rows.length } as CSSProperties}
      onKeyDown={move}
    >
      {weeks.map((week, index) => (
        <div key={week.monday} className="week" data-now={week.isThisWeek || undefined}>
          <Head week={week} isTight={Boolean(weeks[index + 1]?.label)} letters={letters} />
          {week.cells.map(({ date, kind, words }) => (
            <button
              key={date}
              type="button"
              className={`cell cell-${kind}`}
              data-date={date}
              data-today={date === today || undefined}
              style={{ gridRow: rows.indexOf(weekdayIndex(date)) + 2 }}
              title={words}
              aria-label={date === today ? `${words} (today)` : words}
              tabIndex={date === stop ? 0 : -1}
              onFocus={() => setCurrent(date)}
              onClick={() => onPress(date)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

/** The names over and beside a week. Every week brings the weekdays' letters, and those of a line lie upon each other: the browser knows where lines begin. */
function Head({ week, isTight, letters }: { week: Week<Cell>; isTight: boolean; letters: string }) {
  return (
    <>
      <span className="week-label" data-tight={isTight || undefined} aria-hidden="true">
        {week.label}
      </span>
      {letters && (
        <span className="week-letters" aria-hidden="true">
          {letters}
        </span>
      )}
    </>
  );
}
