import { serverNow } from '../../api/clock';
import type { Account, Booking, Organization } from '../../api/types';
import { DogFace } from '../../ui/dog-face';
import { listed } from '../../words/count';
import { localDate, showDayOfYear, showTime } from '../../words/dates';

import { CancelButton } from './cancel-button';
import { showWeek, type Week } from './weeks';

interface Props {
  week: Week;
  today: string;
  us: Organization;
  account: Account;
}

export function WeekOfWalks({ week: { monday, bookings }, today, us, account }: Props) {
  return (
    <section aria-label={showWeek(monday, today)}>
      <h2 className="list-head">{showWeek(monday, today)}</h2>
      <ul className="list">
        {bookings.map((booking) => (
          <Walk key={booking.id} booking={booking} us={us} account={account} />
        ))}
      </ul>
    </section>
  );
}

function Walk({ booking, us, account }: { booking: Booking; us: Organization; account: Account }) {
  const zone = us.time_zone;
  const isCustomer = account.role === 'customer';
  const ahead = new Date(booking.scheduled_start) > serverNow();
  return (
    <li className="walk">
      <span className="walk-when">
        <strong>{showDayOfYear(localDate(booking.scheduled_start, zone))}</strong>{' '}
        {showTime(booking.scheduled_start, zone)}–{showTime(booking.scheduled_end, zone)}
      </span>
      <span className="walk-who">
        {booking.dog_names.map((name) => (
          <DogFace key={name} name={name} />
        ))}
        <span>
          {listed(booking.dog_names)}
          <span className="quiet">
            {isCustomer
              ? ` with ${booking.walker_name}`
              : ` · ${booking.customer_name ?? ''} · ${booking.location.address}`}
          </span>
        </span>
      </span>
      <span className="quiet">
        {booking.service_name}
        {account.role === 'admin' && ` · ${booking.walker_name}`}
        {booking.series_id && isCustomer && ' · part of a series'}
      </span>
      {isCustomer && ahead && <CancelButton booking={booking} us={us} />}
    </li>
  );
}
