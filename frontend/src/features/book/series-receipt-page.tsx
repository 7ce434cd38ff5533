import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';

import { seriesDetail } from '../../api/series';
import { organization } from '../../api/session';
import type { Booking, Organization, WholeSeries } from '../../api/types';
import { Tick } from '../../ui/icons';
import { counted } from '../../words/count';
import { localDate, showDate, showTime } from '../../words/dates';
import { showPrice } from '../../words/money';

import { Receipt, ReceiptToCome } from './receipt';
import { SkippedDates } from './skipped-dates';

/** What a series has become: read from the server, so that it can be reloaded and come back to. */
export function SeriesReceiptPage() {
  const { seriesId = '' } = useParams();
  const us = useQuery(organization);
  const { data, error, refetch } = useQuery(seriesDetail(seriesId));
  if (us.data && data) return <SeriesReceipt key={seriesId} whole={data} us={us.data} />;
  return <ReceiptToCome title="Your walks" error={error ?? us.error} onRetry={() => void refetch()} />;
}

function SeriesReceipt({ whole, us }: { whole: WholeSeries; us: Organization }) {
  const { series, bookings, skipped } = whole;
  const zone = us.time_zone;
  const made = bookings.filter(({ status }) => status === 'scheduled');
  return (
    <Receipt title={`${counted(made.length, 'walk')} booked`} lead={leadOf(made, us)} zone={zone}>
      {skipped.length > 0 && <SkippedDates series={series} bookings={bookings} skipped={skipped} zone={zone} />}
      <MadeDates bookings={bookings} zone={zone} />
    </Receipt>
  );
}

function leadOf(made: readonly Booking[], us: Organization): string | undefined {
  const first = made[0];
  if (!first) return undefined;
  const total = made.reduce((sum, booking) => sum + booking.price_cents, 0);
  const day = showDate(localDate(first.scheduled_start, us.time_zone));
  const when = `${day} at ${showTime(first.scheduled_start, us.time_zone)}`;
  return `${showPrice(total, us.currency)} · ${made.length === 1 ? when : `the first one is on ${when}`}.`;
}

function MadeDates({ bookings, zone }: { bookings: readonly Booking[]; zone: string }) {
  return (
    <section className="box stack-tight" aria-labelledby="made">
      <h2 id="made">Booked</h2>
      <ul className="made-dates">
        {bookings.map(({ id, scheduled_start: start, status, walker_name: walker }) => (
          <li key={id}>
            {status === 'scheduled' && <Tick />} {showDate(localDate(start, zone))} {showTime(start, zone)}{' '}
            <span className="quiet">{status === 'scheduled' ? walker : 'cancelled'}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
