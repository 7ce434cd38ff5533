import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';

import { bookingDetail } from '../../api/bookings';
import { organization } from '../../api/session';
import type { Booking } from '../../api/types';
import { Tick } from '../../ui/icons';
import { listed } from '../../words/count';
import { localDate, showDate, showTime } from '../../words/dates';
import { showPrice } from '../../words/money';

import { Receipt, ReceiptToCome } from './receipt';

/** What a single walk has become: read from the server, so that it can be reloaded and come back to. */
export function BookingReceiptPage() {
  const { bookingId = '' } = useParams();
  const us = useQuery(organization);
  const { data, error, refetch } = useQuery(bookingDetail(bookingId));
  if (us.data && data) return <BookingReceipt booking={data} zone={us.data.time_zone} />;
  return <ReceiptToCome title="Your walk" error={error ?? us.error} onRetry={() => void refetch()} />;
}

function BookingReceipt({ booking, zone }: { booking: Booking; zone: string }) {
  const { scheduled_start: start, scheduled_end: end } = booking;
  const isBooked = booking.status === 'scheduled';
  const day = showDate(localDate(start, zone));
  const lead = `${showPrice(booking.price_cents, booking.currency)} · ${day} at ${showTime(start, zone)}.`;
  return (
    <Receipt title={isBooked ? 'Walk booked' : 'Walk cancelled'} lead={lead} zone={zone}>
      <section className="box stack-tight" aria-labelledby="made">
        <h2 id="made">
          {isBooked && <Tick />} {day} {showTime(start, zone)}–{showTime(end, zone)}
        </h2>
        <p>
          {listed(booking.dog_names)} with {booking.walker_name} · {booking.service_name}
        </p>
        <p className="quiet">{[booking.location.label, booking.location.address].filter(Boolean).join(' · ')}</p>
      </section>
    </Receipt>
  );
}
