import { Link } from 'react-router';

import { Button } from '../../ui/button';
import { CalendarIcon, Info, Warning } from '../../ui/icons';
import { useIsSaid } from '../../ui/toasts/notify';
import { showDate, showTime } from '../../words/dates';

import type { LostChoice } from './choices';
import { stillMissing, type Draft } from './draft';
import type { Submission } from './submission';
import { toastName } from './submission-store';
import { doubtOf } from './submission-words';

interface DraftChangesProps {
  changes: readonly string[];
  lost: readonly LostChoice[];
  zone: string;
}

/** What of a kept draft had to go since. */
export function DraftChangesNote({ changes, lost, zone }: DraftChangesProps) {
  const gone = lost.map(
    ({ date, was }) =>
      `${showTime(was.scheduled_start, zone)} with ${was.walker_name}, which you had chosen for ${showDate(date)}, is no longer free.`,
  );
  const said = [...changes, ...gone];
  return (
    <div role="status" className="draft-changes">
      {said.length > 0 && (
        <div className="note">
          <Info />
          <div className="note-text">
            <strong>Since you filled this in</strong>
            {said.map((words) => (
              <p key={words}>{words}</p>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

/** Where the dates will stand: what has to be filled in before they can be looked up. */
export function StillMissing({ draft }: { draft: Draft }) {
  const words = stillMissing(draft);
  if (!words) return null;
  return (
    <section className="box still-missing">
      <CalendarIcon />
      <p>{words}</p>
    </section>
  );
}

/** On a phone it stands below the whole form, of which nothing can be changed meanwhile. */
const intoView = (note: HTMLElement | null): void => note?.scrollIntoView({ block: 'nearest' });

/** It is not known whether something was booked: what is going on, and the way out. */
export function DoubtNote({ state, onAbandon }: { state: Submission; onAbandon: () => void }) {
  const isSaid = useIsSaid(toastName);
  const note = doubtOf(state, isSaid);
  if (!note) return null;
  return (
    <div className="note note-amber" role="status" ref={intoView}>
      <Warning />
      <div className="note-text">
        <strong>{note.title}</strong>
        <p>{note.text}</p>
        {state.at === 'unknown' && (
          <div className="row">
            <Link className="button button-plain" to="/bookings">
              See my bookings
            </Link>
            <Button onPress={onAbandon}>Go on without the answer</Button>
          </div>
        )}
      </div>
    </div>
  );
}
