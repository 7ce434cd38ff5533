import { RadioButton, RadioField, RadioGroup } from 'react-aria-components';

import { serverNow } from '../../api/clock';
import type { Booking, Organization } from '../../api/types';
import { Info } from '../../ui/icons';
import { counted } from '../../words/count';
import { localDate, showDate, showTime } from '../../words/dates';

import { atShortNotice, chargeWords, type Scope } from './cancellation';

const scopes: Record<Scope, string> = {
  one: 'This walk',
  following: 'This walk and those after it',
  all: 'All walks of the series to come',
};

export function ScopeChoice({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  return (
    <RadioGroup
      className="scopes"
      aria-label="Which walks"
      value={scope}
      onChange={(value) => onChange(value as Scope)}
    >
      {Object.entries(scopes).map(([value, words]) => (
        <RadioField key={value} value={value}>
          <RadioButton className="scope">
            <span className="scope-dot" aria-hidden="true" /> {words}
          </RadioButton>
        </RadioField>
      ))}
    </RadioGroup>
  );
}

/** The dates by name, and what they cost to cancel. */
export function NamedDates({ bookings, us }: { bookings: readonly Booking[]; us: Organization }) {
  const late = atShortNotice(bookings, us.cancellation_notice_hours, serverNow());
  return (
    <>
      <div className="named-dates" role="region" tabIndex={0} aria-label={counted(bookings.length, 'date')}>
        <ul>
          {bookings.map((booking) => (
            <li key={booking.id}>
              {showDate(localDate(booking.scheduled_start, us.time_zone))}{' '}
              {showTime(booking.scheduled_start, us.time_zone)}
            </li>
          ))}
        </ul>
      </div>
      <p className="quiet">
        <Info /> {chargeWords(bookings.length, late.length, us.cancellation_notice_hours)}
      </p>
    </>
  );
}
