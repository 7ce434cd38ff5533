import { Link } from 'react-router';

import type { SeriesCreated, SeriesRequest } from '../../api/types';
import { Button } from '../../ui/button';
import { Tick } from '../../ui/icons';
import { Page } from '../../ui/page';
import { counted } from '../../words/count';
import { browserZone, cityOf, localDate, showDate, showTime } from '../../words/dates';
import { showPrice } from '../../words/money';

import { SkippedDate } from './skipped-date';
import type { Everything } from './use-offered';

interface Props {
  created: SeriesCreated;
  /** What was asked for. */
  wish: SeriesRequest;
  offered: Everything;
  again: () => void;
}

/** What was made, and what was skipped and why. */
export function Receipt({ created: { bookings, skipped }, wish, offered, again }: Props) {
  const { time_zone: zone, currency } = offered.organization;
  const walkers = new Map(offered.walkers.map(({ id, name }) => [id, name]));
  const total = bookings.reduce((sum, booking) => sum + booking.price_cents, 0);
  const first = bookings[0];
  return (
    <Page
      title={`${counted(bookings.length, 'walk')} booked`}
      lead={
        first &&
        `${showPrice(total, currency)} · the first one is on ${showDate(localDate(first.scheduled_start, zone))} at ${showTime(first.scheduled_start, zone)}.`
      }
    >
      <div className="stack">
        <div className="row">
          <Link className="button button-primary" to="/bookings">
            See my bookings
          </Link>
          <Button onPress={again}>Book more walks</Button>
        </div>
        {zone !== browserZone() && <p className="quiet">Times are {cityOf(zone)} time.</p>}
        {skipped.length > 0 && (
          <section className="box stack-tight" aria-labelledby="skipped">
            <h2 id="skipped">{counted(skipped.length, 'date')} skipped</h2>
            <ul className="dates dates-of-years">
              {skipped.map((occurrence) => (
                <SkippedDate key={occurrence.date} occurrence={occurrence} wish={wish} zone={zone} />
              ))}
            </ul>
          </section>
        )}
        <section className="box stack-tight" aria-labelledby="made">
          <h2 id="made">Booked</h2>
          <ul className="made-dates">
            {bookings.map((booking) => (
              <li key={booking.id}>
                <Tick /> {showDate(localDate(booking.scheduled_start, zone))} {showTime(booking.scheduled_start, zone)}
                <span className="quiet"> {walkers.get(booking.walker_id)}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Page>
  );
}
