import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';

import { serverNow } from '../../api/clock';
import type { Booking, Organization, SkippedOccurrence, WholeSeries } from '../../api/types';
import { Button } from '../../ui/button';
import { reasonOf, type ReasonContext } from '../../ui/conflict-reasons';
import { Stop } from '../../ui/icons';
import { DateStrip, type Cell } from '../../ui/date-strip';
import { useReasonContext } from '../../ui/use-reason-context';
import { counted } from '../../words/count';
import { localDate, showDate, showTime } from '../../words/dates';

const CancelDialog = lazy(() => import('./cancel-dialog'));

/** Those that were not booked after all. */
const stillSkipped = ({ skipped }: Pick<WholeSeries, 'skipped'>): SkippedOccurrence[] =>
  skipped.filter(({ booked_as }) => booked_as === null);

/** Booked and skipped dates of a series in one row, in time order. */
function cellsOf(series: WholeSeries, zone: string): Cell[] {
  const booked = series.bookings.map((booking): Cell => {
    const date = localDate(booking.scheduled_start, zone);
    const isOff = booking.status === 'cancelled';
    const words = `${showDate(date)} ${showTime(booking.scheduled_start, zone)}: ${isOff ? 'cancelled' : 'booked'}`;
    return { date, kind: isOff ? 'cancelled' : 'free', words };
  });
  const skipped = stillSkipped(series).map(({ date, time }): Cell => ({
    date,
    kind: 'taken',
    words: `${showDate(date)} ${time}: skipped`,
  }));
  return [...booked, ...skipped].sort((a, b) => a.date.localeCompare(b.date));
}

export function SeriesDates({ series, us }: { series: WholeSeries; us: Organization }) {
  const [picked, setPicked] = useState<string | null>(null);
  const [isEnding, setEnding] = useState(false);
  const cells = cellsOf(series, us.time_zone);
  const ahead = series.bookings.filter(
    (one) => one.status === 'scheduled' && new Date(one.scheduled_start) > serverNow(),
  );
  const next = ahead[0];
  const cell = cells.find(({ date }) => date === picked);
  return (
    <>
      <DateStrip
        label="Dates of the series"
        cells={cells}
        today={localDate(serverNow(), us.time_zone)}
        onPress={setPicked}
      />
      <p className="quiet" role="status">
        {cell ? cell.words : `${counted(ahead.length, 'walk')} to come`}
      </p>
      {stillSkipped(series).length > 0 && <Skipped series={series} zone={us.time_zone} />}
      {next && (
        <div>
          <Button onPress={() => setEnding(true)}>Cancel the series</Button>
        </div>
      )}
      {isEnding && next && <CancelSeriesDialog booking={next} us={us} onClose={() => setEnding(false)} />}
    </>
  );
}

function CancelSeriesDialog({ booking, us, onClose }: { booking: Booking; us: Organization; onClose: () => void }) {
  return (
    <Suspense>
      <CancelDialog booking={booking} us={us} onClose={onClose} first="all" />
    </Suspense>
  );
}

function Skipped({ series, zone }: { series: WholeSeries; zone: string }) {
  const context = useReasonContext(zone);
  const skipped = stillSkipped(series);
  return (
    <details className="skipped">
      <summary>{counted(skipped.length, 'date')} skipped</summary>
      <ul>
        {skipped.map((occurrence) => (
          <li key={occurrence.date}>
            <strong>
              {showDate(occurrence.date)} {occurrence.time}
            </strong>{' '}
            <span className="reason">
              <Stop /> {reasonsOf(occurrence, context)}
            </span>
          </li>
        ))}
      </ul>
      <Link to={`/series/${series.series.id}`}>Book {skipped.length === 1 ? 'it' : 'them'} after all</Link>
    </details>
  );
}

const reasonsOf = (occurrence: SkippedOccurrence, context: ReasonContext): string =>
  [...new Set(occurrence.conflicts.map((conflict) => reasonOf(conflict, occurrence, context)))].join(', ') ||
  'You left this date out';
