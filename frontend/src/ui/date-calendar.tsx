import type { CalendarDate } from '@internationalized/date';
import { useContext, useEffect } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  CalendarStateContext,
  Heading,
} from 'react-aria-components';

import { Chevron } from './icons';

/** Days that a calendar marks with a dot, asked for month by month. */
export interface MarkedDays {
  /** YYYY-MM-DD; undefined while they are not known. */
  days: ReadonlySet<string> | undefined;
  /** What a dot means: "free at 09:00". */
  words: string;
  /** Called with the month (YYYY-MM) that is on the screen, and with null when the calendar closes. */
  onMonth: (month: string | null) => void;
}

/** The month in the popover of a date field. */
export function DateCalendar({ min, marked }: { min: CalendarDate | null; marked?: MarkedDays | undefined }) {
  return (
    <Calendar className="date-calendar" {...(min && { minValue: min })}>
      <header className="date-head">
        <Button slot="previous" className="date-button date-previous">
          <Chevron />
        </Button>
        <Heading />
        <Button slot="next" className="date-button">
          <Chevron />
        </Button>
      </header>
      <CalendarGrid weekdayStyle="short">
        <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>
          {(date) => (
            <CalendarCell date={date} className="date-cell">
              {({ formattedDate }) => (
                <>
                  {formattedDate}
                  {marked?.days?.has(date.toString()) && <span className="date-dot" aria-hidden="true" />}
                </>
              )}
            </CalendarCell>
          )}
        </CalendarGridBody>
      </CalendarGrid>
      {marked && <Legend marked={marked} />}
    </Calendar>
  );
}

/** What the dots mean; who cannot see them is told the days. */
function Legend({ marked: { days, words, onMonth } }: { marked: MarkedDays }) {
  const month = useContext(CalendarStateContext)?.visibleRange.start.toString().slice(0, 7) ?? null;
  useEffect(() => onMonth(month), [month, onMonth]);
  useEffect(() => () => onMonth(null), [onMonth]);
  const inMonth = [...(days ?? [])].filter((day) => month && day.startsWith(month)).sort();
  return (
    <p className="date-legend" role="status">
      {days && (
        <>
          <span className="date-dot" aria-hidden="true" /> {inMonth.length ? capital(words) : `No day is ${words}`}
          <span className="visually-hidden">: {inMonth.map((day) => Number(day.slice(8))).join(', ')}</span>
        </>
      )}
    </p>
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
