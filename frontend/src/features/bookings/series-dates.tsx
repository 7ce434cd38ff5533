import { lazy, Suspense, useState } from 'react';

import type { Booking, Organization, WholeSeries } from '../../api/types';
import { Button } from '../../ui/button';
import { Stop } from '../../ui/icons';
import { Strip, type Cell } from '../../ui/strip';
import { counted } from '../../words/count';
import { localDate, showDate, showTime } from '../../words/dates';

const CancelDialog = lazy(() => import('./cancel-dialog'));

/** Booked and skipped dates of a series in one row, in time order. */
function cellsOf(series: WholeSeries, zone: string): Cell[] {
  const booked = series.bookings.map((booking): Cell => {
    const date = localDate(booking.scheduled_start, zone);
    const isOff = booking.status === 'cancelled';
    const words = `${showDate(date)} ${showTime(booking.scheduled_start, zone)}: ${isOff ? 'cancelled' : 'booked'}`;
    return { date, kind: isOff ? 'cancelled' : 'free', words };
  });
  const skipped = series.skipped.map(({ date, time }): Cell => ({
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
    (one) => one.status === 'scheduled' && new Date(one.scheduled_start) > new Date(),
  );
  const next = ahead[0];
  const cell = cells.find(({ date }) => date === picked);
  return (
    <>
      <Strip
        label="Dates of the series"
        cells={cells}
        today={localDate(new Date(), us.time_zone)}
        onPress={setPicked}
      />
      <p className="quiet" role="status">
        {cell ? cell.words : `${counted(ahead.length, 'walk')} to come`}
      </p>
      {series.skipped.length > 0 && <Skipped series={series} />}
      {next && (
        <div>
          <Button onPress={() => setEnding(true)}>Cancel the series</Button>
        </div>
      )}
      {isEnding && next && <Ending booking={next} us={us} onClose={() => setEnding(false)} />}
    </>
  );
}

function Ending({ booking, us, onClose }: { booking: Booking; us: Organization; onClose: () => void }) {
  return (
    <Suspense>
      <CancelDialog booking={booking} us={us} onClose={onClose} first="all" />
    </Suspense>
  );
}

function Skipped({ series }: { series: WholeSeries }) {
  return (
    <details className="skipped">
      <summary>{counted(series.skipped.length, 'date')} skipped</summary>
      <ul>
        {series.skipped.map(({ date, time, conflicts }) => (
          <li key={date}>
            <strong>
              {showDate(date)} {time}
            </strong>{' '}
            <span className="reason">
              <Stop /> {[...new Set(conflicts.map(({ message }) => message))].join(', ') || 'Left out by you'}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
