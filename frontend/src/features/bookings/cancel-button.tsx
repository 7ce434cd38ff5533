import { lazy, Suspense, useState } from 'react';

import type { Booking, Organization } from '../../api/types';
import { Button } from '../../ui/button';
import { localDate, showDate } from '../../words/dates';

const CancelDialog = lazy(() => import('./cancel-dialog'));

export function CancelButton({ booking, us }: { booking: Booking; us: Organization }) {
  const [isOpen, setOpen] = useState(false);
  const day = showDate(localDate(booking.scheduled_start, us.time_zone));
  return (
    <>
      <Button kind="quiet" aria-label={`Cancel the walk on ${day}`} onPress={() => setOpen(true)}>
        Cancel
      </Button>
      {isOpen && (
        <Suspense>
          <CancelDialog booking={booking} us={us} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
