import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';

import { createBooking } from '../../api/bookings';
import type { Alternative, Occurrence, SeriesRequest } from '../../api/types';
import { Button } from '../../ui/button';
import { Stop, Tick } from '../../ui/icons';
import { notifyProblem } from '../../ui/toasts/notify';
import { localDate, showDate, showTime } from '../../words/dates';

import { shortly } from './alternatives';

interface Props {
  occurrence: Occurrence;
  wish: SeriesRequest;
  zone: string;
}

interface Attempt {
  instead: Alternative;
  /** Made once for the click and kept by Retry, so that a lost answer cannot book twice. */
  key: string;
}

/** A date that the series left out and why, with what would work instead: one click books it on its own. */
export function SkippedDate({ occurrence, wish, zone }: Props) {
  const queries = useQueryClient();
  const running = useRef(false);
  const booking = useMutation({
    mutationFn: ({ instead, key }: Attempt) => {
      const { service_id, location_id, dog_ids } = wish;
      const date = localDate(instead.scheduled_start, zone);
      const start_time = showTime(instead.scheduled_start, zone);
      return createBooking({ service_id, location_id, dog_ids, walker_id: instead.walker_id, date, start_time }, key);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['bookings'] }),
    onError: (error, attempt) => notifyProblem(error, () => book(attempt)),
    onSettled: () => {
      running.current = false;
    },
  });
  const book = (attempt: Attempt) => {
    if (running.current) return;
    running.current = true;
    booking.mutate(attempt);
  };
  const made = booking.isSuccess ? booking.variables.instead : null;
  const messages = new Set(occurrence.conflicts.map(({ message }) => message));
  return (
    <li className={`date date-${made ? 'chosen' : 'taken'}`}>
      <span className="date-when">
        {showDate(occurrence.date)} {made ? showTime(made.scheduled_start, zone) : occurrence.time}
      </span>
      {made ? (
        <span className="date-why" role="status">
          <span>
            <Tick /> <strong>Booked</strong> with {made.walker_name}
          </span>
        </span>
      ) : (
        <span className="date-why">
          {[...messages].map((message) => (
            <span className="reason reason-hard" key={message}>
              <Stop /> {message}
            </span>
          ))}
          {!messages.size && <span className="quiet">Left out by you</span>}
        </span>
      )}
      {!made && occurrence.alternatives.length > 0 && (
        <span className="date-try">
          Book{' '}
          {occurrence.alternatives.map((other) => (
            <Button
              key={other.scheduled_start + other.walker_id}
              aria-label={`Book ${showDate(occurrence.date)} at ${showTime(other.scheduled_start, zone)} with ${other.walker_name}`}
              isPending={booking.isPending && booking.variables.instead === other}
              onPress={() => book({ instead: other, key: crypto.randomUUID() })}
            >
              {shortly(other, zone, wish.walker_id)}
            </Button>
          ))}
        </span>
      )}
    </li>
  );
}
