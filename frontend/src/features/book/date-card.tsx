import { Dialog } from '../../ui/dialog';
import { showDate, showTime } from '../../words/dates';

import { leaveOut, undo } from './choices';
import { DateChoices } from './date-choices';
import { useChoices } from './choices-context';
import { unresolvedLines, type Plan } from './plan';

interface Props {
  date: string;
  plan: Plan;
  /** To another date's card, or to none. */
  go: (date: string | null) => void;
}

/** One date with all that can be decided of it, over the page: on a phone its line may be screens away. */
export function DateCard({ date, plan, go }: Props) {
  const { zone, edit } = useChoices();
  const line = plan.lines.find(({ occurrence }) => occurrence.date === date);
  if (!line) return null;
  const { occurrence, instead, state } = line;
  const at = instead ? showTime(instead.scheduled_start, zone) : occurrence.time;
  const others = unresolvedLines(plan.lines).filter((other) => other.occurrence.date !== date);
  const isOut = state === 'left_out';
  const next = (others.find((other) => other.occurrence.date > date) ?? others[0])?.occurrence.date;
  return (
    <Dialog title={`${showDate(date)}, ${at}`} isOpen onClose={() => go(null)}>
      <div className={`date date-card date-${state}`}>
        {state === 'free' && <span className="green">Free</span>}
        <DateChoices key={date} line={line} />
      </div>
      <div className="dialog-end">
        <button
          type="button"
          className="button"
          onClick={() => edit((choices) => (isOut ? undo(choices, [date]) : leaveOut(choices, [date])))}
        >
          {isOut ? 'Put it back' : 'Leave it out'}
        </button>
        {next && (
          <button type="button" className="button" onClick={() => go(next)}>
            Next: {showDate(next)}
          </button>
        )}
        <button type="button" className="button" onClick={() => go(null)}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
