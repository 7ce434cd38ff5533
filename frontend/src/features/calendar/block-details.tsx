import type { CalendarBlock, Leg } from '../../api/types';
import { Dialog } from '../../ui/dialog';
import { Info, Warning } from '../../ui/icons';
import { listed } from '../../words/count';

import { titleOf } from './days';
import { legWords, tightLegWords } from './legs';

interface Props {
  block: CalendarBlock;
  span: string;
  isOpen: boolean;
  onClose: () => void;
}

/** Who, where, and the ways before and after. */
export function BlockDetails({ block, span, isOpen, onClose }: Props) {
  return (
    <Dialog title={titleOf(block)} isOpen={isOpen} onClose={onClose}>
      <dl className="details">
        <dt>When</dt>
        <dd>{span}</dd>
        {block.bookings.map((booking) => (
          <div key={booking.id}>
            <dt>{booking.customer_name ?? 'Customer'}</dt>
            <dd>
              {listed(booking.dog_names)} · {booking.location.label}, {booking.location.address}
            </dd>
            {booking.dogs.map((dog) => dog.notes && <DogNote key={dog.id} name={dog.name} notes={dog.notes} />)}
          </div>
        ))}
        {block.note && (
          <>
            <dt>Note</dt>
            <dd>{block.note}</dd>
          </>
        )}
        {block.kind !== 'time_off' && (
          <>
            <LegDetails title="Travel before" leg={block.travel_before} />
            <LegDetails title="Travel after" leg={block.travel_after} />
          </>
        )}
      </dl>
    </Dialog>
  );
}

/** What the owner wants the walker to know. */
function DogNote({ name, notes }: { name: string; notes: string }) {
  return (
    <dd className="dog-note">
      <Info /> <strong>{name}:</strong> {notes}
    </dd>
  );
}

function LegDetails({ title, leg }: { title: string; leg: Leg | null }) {
  return (
    <>
      <dt>{title}</dt>
      {leg ? (
        <dd className={leg.tight ? 'leg-tight' : undefined}>
          {legWords(leg)}
          {leg.tight && (
            <>
              <br />
              <Warning /> {tightLegWords(leg)}
            </>
          )}
        </dd>
      ) : (
        <dd className="quiet">No other visit near</dd>
      )}
    </>
  );
}
