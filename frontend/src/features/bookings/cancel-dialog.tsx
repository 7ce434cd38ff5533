import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { serverNow } from '../../api/clock';
import { problemOf } from '../../api/problem';
import { seriesDetail } from '../../api/series';
import type { Booking, Organization } from '../../api/types';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/problem-note';
import { useSubmit } from '../../ui/use-submit';
import { counted } from '../../words/count';

import { bookingsToCancel, cancel, type Scope } from './cancellation';
import { NamedDates, ScopeChoice } from './cancel-choice';
import { useCancelledToast } from './use-cancelled-toast';

interface Props {
  booking: Booking;
  us: Organization;
  onClose: () => void;
  first?: Scope;
}

/** One walk, this and the following, or all of the series; the dates are named before anything is done. */
export default function CancelDialog({ booking, us, onClose, first = 'one' }: Props) {
  const [scope, setScope] = useState<Scope>(first);
  const series = useQuery({ ...seriesDetail(booking.series_id ?? ''), enabled: booking.series_id !== null });
  const dates = bookingsToCancel(scope, booking, series.data?.bookings ?? [], serverNow());
  const tell = useCancelledToast();
  const { form, note, isPending } = useSubmit({
    fields: [],
    payload: () => scope,
    send: (which) => cancel(which, booking, us.time_zone),
    done: (what) => {
      onClose();
      return tell(what);
    },
  });
  const isReady = scope === 'one' || series.data !== undefined;
  return (
    <Dialog title="Cancel walks" isOpen onClose={onClose} role="alertdialog">
      <form className="stack" {...form}>
        {booking.series_id && <ScopeChoice scope={scope} onChange={setScope} />}
        {note && <ProblemNote {...note} />}
        {series.error && <ProblemNote problem={problemOf(series.error)} onRetry={() => void series.refetch()} />}
        {isReady ? <NamedDates bookings={dates} us={us} /> : <div className="skeleton skeleton-next" />}
        <div className="dialog-end">
          <Button onPress={onClose}>Keep {dates.length === 1 ? 'it' : 'them'}</Button>
          <Button type="submit" kind="danger" isDisabled={!isReady || !dates.length} isPending={isPending}>
            Cancel {counted(dates.length, 'walk')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
