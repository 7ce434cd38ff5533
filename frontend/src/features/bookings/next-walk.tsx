import type { Account, Booking } from '../../api/types';
import { DogFace } from '../../ui/dog-face';
import { listed } from '../../words/count';
import { localDate, showDay, showTime } from '../../words/dates';

interface Props {
  booking: Booking;
  zone: string;
  today: string;
  account: Account;
}

/** "Tomorrow 09:00 with Sam". */
export function NextWalk({ booking, zone, today, account }: Props) {
  const day = showDay(localDate(booking.scheduled_start, zone), today);
  const person =
    account.role === 'customer' ? `with ${booking.walker_name}` : `for ${booking.customer_name ?? 'a customer'}`;
  return (
    <section className="box next-walk" aria-labelledby="next-heading">
      <div className="next-faces">
        {booking.dog_names.map((name) => (
          <DogFace key={name} name={name} />
        ))}
      </div>
      <div>
        <p className="quiet">Next walk</p>
        <h2 id="next-heading">
          {day} {showTime(booking.scheduled_start, zone)} {person}
        </h2>
        <p>
          {listed(booking.dog_names)} · {booking.service_name} · {booking.location.label}
        </p>
      </div>
    </section>
  );
}
