import { useEffect, useRef, useState, type RefObject } from 'react';

import { Button } from '../../ui/button';
import { Stop } from '../../ui/icons';
import { counted } from '../../words/count';
import { showDate } from '../../words/dates';

import type { Plan } from './plan';
import { takenMeanwhile, type SubmissionIn } from './submission';

interface Props {
  refused: SubmissionIn<'refused'>;
  plan: Plan | null;
  onAccept: () => void;
}

/** Which dates went while the customer looked. Booking the others takes a yes of its own, given by somebody who has seen this. */
export function TakenMeanwhile({ refused, plan, onAccept }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isSeen = useSeen(heading);
  useEffect(() => {
    heading.current?.scrollIntoView({ block: 'start' });
    heading.current?.focus({ preventScroll: true });
  }, []);
  const dates = [...takenMeanwhile(refused)];
  const walks = refused.order?.walks ?? 0;
  return (
    <section className="note note-red taken-meanwhile" aria-labelledby="taken-meanwhile">
      <Stop />
      <div className="note-text">
        <h2 id="taken-meanwhile" ref={heading} tabIndex={-1}>
          {counted(dates.length, 'date was', 'dates were')} taken while you looked
        </h2>
        <p>
          Nothing has been booked. {named(dates)} {dates.length === 1 ? 'is' : 'are'} marked as new in the list: take
          another time there{refused.sent.operation === 'series' && ', or book without'}.
        </p>
        <div className="row">
          {plan !== null && walks > 0 && (
            <Button kind="primary" isDisabled={!isSeen} onPress={onAccept}>
              {plan.skipped > 0 ? 'Book the other' : 'Book'} {counted(walks, 'walk')}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}

const named = (dates: readonly string[]): string => {
  const shown = dates.slice(0, 3).map((date) => showDate(date));
  const more = dates.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
};

/** How long something has to be in view before it counts as seen: longer than between the presses of a double click. */
const glance_ms = 600;

/** Whether an element has been in view for a moment. */
function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new IntersectionObserver(([entry]) => {
      clearTimeout(timer);
      if (entry?.isIntersecting) timer = setTimeout(() => setSeen(true), glance_ms);
    });
    if (element.current) observer.observe(element.current);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [element]);
  return isSeen;
}
