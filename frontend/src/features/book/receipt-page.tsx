import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams } from 'react-router';

import { problemOf, type Problem } from '../../api/problem';
import { seriesDetail } from '../../api/series';
import { organization } from '../../api/session';
import type { Booking, Organization, WholeSeries } from '../../api/types';
import { Tick } from '../../ui/icons';
import { Loading } from '../../ui/loading';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';
import { counted } from '../../words/count';
import { browserZone, cityOf, localDate, showDate, showTime } from '../../words/dates';
import { showPrice } from '../../words/money';

import { SkippedDates } from './skipped-date';
import './book.css';

/** What a series has become: read from the server, so that it can be reloaded and come back to. */
export function ReceiptPage() {
  const { seriesId = '' } = useParams();
  const us = useQuery(organization);
  const { data, error, refetch } = useQuery(seriesDetail(seriesId));
  if (us.data && data) return <Receipt key={seriesId} whole={data} us={us.data} />;
  const failed = error ?? us.error;
  if (failed && isNowhere(problemOf(failed))) return <NoSuchWalks />;
  return (
    <Page title="Your walks">
      {failed ? <ProblemNote problem={problemOf(failed)} onRetry={() => void refetch()} /> : <ReceiptSkeleton />}
    </Page>
  );
}

/** An address that was mistyped, or another customer's. */
const isNowhere = ({ body: { status } }: Problem): boolean => status === 404 || status === 422;

function NoSuchWalks() {
  return (
    <Page title="We cannot find these walks" lead="The address may be mistyped, or the walks are somebody else’s.">
      <Link className="button button-primary" to="/bookings">
        See my bookings
      </Link>
    </Page>
  );
}

function Receipt({ whole, us }: { whole: WholeSeries; us: Organization }) {
  const { series, bookings, skipped } = whole;
  const zone = us.time_zone;
  const made = bookings.filter(({ status }) => status === 'scheduled');
  return (
    <Page title={`${counted(made.length, 'walk')} booked`} lead={leadOf(made, us)}>
      <div className="stack">
        <Arrived />
        <div className="row">
          <Link className="button button-primary" to="/bookings">
            See my bookings
          </Link>
          <Link className="button button-plain" to="/book">
            Book more walks
          </Link>
        </div>
        {zone !== browserZone() && <p className="quiet">Times are {cityOf(zone)} time.</p>}
        {skipped.length > 0 && <SkippedDates series={series} bookings={bookings} skipped={skipped} zone={zone} />}
        <MadeDates bookings={bookings} zone={zone} />
      </div>
    </Page>
  );
}

/** Said where the answer to the booking was lost at first; the address keeps it through a reload. */
function Arrived() {
  const { state } = useLocation() as { state: { didArrive?: boolean } | null };
  if (!state?.didArrive) return null;
  return (
    <div className="note" role="status">
      <Tick />
      <div className="note-text">
        <strong>Your booking did arrive</strong>
        <p>Only the answer was lost on its way. It was booked once.</p>
      </div>
    </div>
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

function ReceiptSkeleton() {
  return (
    <Loading words="Loading your walks" isBox>
      <div className="skeleton skeleton-line" />
      <div className="skeleton skeleton-cards" />
    </Loading>
  );
}
