import { useEffect, useRef } from 'react';

import type { Booking, Series, SkippedOccurrence } from '../../api/types';
import { Button } from '../../ui/button';
import { reasonOf, type ReasonContext } from '../../ui/conflict-reasons';
import { Info, Stop, Tick } from '../../ui/icons';
import { useReasonContext } from '../../ui/use-reason-context';
import { counted } from '../../words/count';
import { showDate, showTime } from '../../words/dates';

import { alternativeLabel } from './alternatives';
import { useBookSkipped } from './use-book-skipped';

interface Props {
  series: Series;
  bookings: readonly Booking[];
  skipped: readonly SkippedOccurrence[];
  zone: string;
}

/** The dates that the series left out; those that were booked since stay where they were. */
export function SkippedDates({ series, bookings, skipped, zone }: Props) {
  const context = useReasonContext(zone);
  const left = skipped.filter(({ booked_as }) => booked_as === null).length;
  return (
    <section className="box stack-tight" aria-labelledby="skipped">
      <h2 id="skipped">{left ? `${counted(left, 'date')} skipped` : 'Booked after all'}</h2>
      <ul className="dates dates-of-years">
        {skipped.map((occurrence) => (
          <SkippedDate
            key={occurrence.date}
            occurrence={occurrence}
            series={series}
            made={bookings.find(({ id }) => id === occurrence.booked_as)}
            context={context}
          />
        ))}
      </ul>
    </section>
  );
}

interface DateProps {
  occurrence: SkippedOccurrence;
  series: Series;
  /** What it was booked as since. */
  made: Booking | undefined;
  context: ReasonContext;
}

/** A skipped date and why, with what would work instead: one press books it, into its series. */
function SkippedDate({ occurrence, series, made, context }: DateProps) {
  const line = useRef<HTMLLIElement>(null);
  const booking = useBookSkipped(series.id, occurrence.date);
  // The button that was pressed goes with what it offered: the line tells what came of it.
  useEffect(() => {
    if (booking.isSuccess) line.current?.focus();
  }, [booking.isSuccess]);
  return (
    <li className={`date date-${made ? 'chosen' : 'taken'}`} ref={line} tabIndex={-1}>
      <span className="date-when">
        {showDate(occurrence.date)} {made ? showTime(made.scheduled_start, context.zone) : occurrence.time}
      </span>
      <span className="date-why" role="status">
        {made ? (
          <span>
            <Tick /> <strong>Booked</strong> with {made.walker_name}
          </span>
        ) : (
          <Reasons occurrence={occurrence} context={context} />
        )}
      </span>
      {!made && <Offers occurrence={occurrence} series={series} context={context} booking={booking} />}
    </li>
  );
}

const isLeftOut = ({ conflicts }: SkippedOccurrence): boolean => conflicts.every(({ severity }) => severity !== 'hard');

function Reasons({ occurrence, context }: Pick<DateProps, 'occurrence' | 'context'>) {
  if (isLeftOut(occurrence))
    return (
      <span className="quiet">
        <Info /> You left this date out
      </span>
    );
  const hard = occurrence.conflicts.filter(({ severity }) => severity === 'hard');
  const messages = new Set(hard.map((conflict) => reasonOf(conflict, occurrence, context)));
  return [...messages].map((message) => (
    <span className="reason reason-hard" key={message}>
      <Stop /> {message}
    </span>
  ));
}

type OffersProps = Omit<DateProps, 'made'> & { booking: ReturnType<typeof useBookSkipped> };

function Offers({ occurrence, series, context: { zone, shortName }, booking }: OffersProps) {
  const { date, time, alternatives } = occurrence;
  if (!isLeftOut(occurrence) && !alternatives.length) return null;
  return (
    <span className="date-try">
      Book{' '}
      {isLeftOut(occurrence) && (
        <Button
          aria-label={`${time}: book ${showDate(date)} with ${series.walker_name}`}
          isPending={booking.isBooking(null)}
          onPress={() => booking.book(null)}
        >
          {time}
        </Button>
      )}
      {alternatives.map((other) => (
        <Button
          key={other.scheduled_start + other.walker_id}
          aria-label={`${alternativeLabel(other, zone, series.walker_id, shortName)}: book ${showDate(date)} at ${showTime(other.scheduled_start, zone)} with ${other.walker_name}`}
          isPending={booking.isBooking(other)}
          onPress={() => booking.book(other)}
        >
          {alternativeLabel(other, zone, series.walker_id, shortName)}
        </Button>
      ))}
    </span>
  );
}
