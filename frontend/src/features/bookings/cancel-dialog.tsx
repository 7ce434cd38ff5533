import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { cancelBooking } from '../../api/bookings';
import { problemOf } from '../../api/problem';
import { cancelSeries, seriesDetail } from '../../api/series';
import type { Booking, Organization } from '../../api/types';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/problem-note';
import { notifyDone, notifyProblem } from '../../ui/toasts/notify';
import { counted } from '../../words/count';
import { localDate } from '../../words/dates';

import { cancelled, type Scope } from './cancelling';
import { NamedDates, ScopeChoice } from './cancel-choice';

interface Props {
  booking: Booking;
  us: Organization;
  onClose: () => void;
  first?: Scope;
}

/** One walk, this and the following, or all of the series; the dates are named before anything is done. */
export default function CancelDialog({ booking, us, onClose, first = 'one' }: Props) {
  const queries = useQueryClient();
  const [scope, setScope] = useState<Scope>(first);
  const series = useQuery({ ...seriesDetail(booking.series_id ?? ''), enabled: booking.series_id !== null });
  const dates = cancelled(scope, booking, series.data?.bookings ?? [], new Date());
  const cancelling = useMutation({
    mutationFn: (): Promise<unknown> => {
      if (scope === 'one' || !booking.series_id) return cancelBooking(booking.id);
      const from = localDate(booking.scheduled_start, us.time_zone);
      return cancelSeries(booking.series_id, scope === 'all' ? { scope } : { scope, from });
    },
    onSuccess: async () => {
      notifyDone(`${counted(dates.length, 'walk')} cancelled.`);
      onClose();
      await Promise.all(['bookings', 'series'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
    onError: (error) => notifyProblem(error, () => cancelling.mutate()),
  });
  const problem = cancelling.error ?? series.error;
  const retry = () => (cancelling.error ? cancelling.mutate() : void series.refetch());
  const isReady = scope === 'one' || series.data !== undefined;
  return (
    <Dialog title="Cancel walks" isOpen onClose={onClose} role="alertdialog">
      {booking.series_id && <ScopeChoice scope={scope} onChange={setScope} />}
      {problem && <ProblemNote problem={problemOf(problem)} onRetry={retry} />}
      {isReady ? <NamedDates bookings={dates} us={us} /> : <div className="skeleton skeleton-next" />}
      <div className="dialog-end">
        <Button onPress={onClose}>Keep {dates.length === 1 ? 'it' : 'them'}</Button>
        <Button
          kind="danger"
          isDisabled={!isReady || !dates.length}
          isPending={cancelling.isPending}
          onPress={() => cancelling.mutate()}
        >
          Cancel {counted(dates.length, 'walk')}
        </Button>
      </div>
    </Dialog>
  );
}
