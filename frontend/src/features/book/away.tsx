import { useState } from 'react';

import { DateField } from '../../ui/date-field';
import { counted } from '../../words/count';

import { leaveOut } from './choices';
import { useChoices } from './choices-context';
import type { Line } from './plan';

/** The dates of a range, both ends included, that are not left out yet. */
export const datesBetween = (lines: readonly Line[], from: string, to: string): string[] =>
  lines
    .filter(({ occurrence: { date }, state }) => state !== 'left_out' && from && to && date >= from && date <= to)
    .map(({ occurrence }) => occurrence.date);

/** "Away from … to …": leave out every date of a holiday at once. */
export function Away({ lines }: { lines: readonly Line[] }) {
  const { edit } = useChoices();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [isOpen, setOpen] = useState(false);
  if (lines.length < 2) return null;
  const dates = datesBetween(lines, from, to || from);
  const first = lines[0]?.occurrence.date;
  return (
    <details className="away" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Away for a while?</summary>
      {isOpen && (
        <div className="away-range">
          <DateField label="Away from" min={first} value={from} onChange={setFrom} />
          <DateField label="to" min={from || first} value={to} onChange={setTo} />
          <button
            type="button"
            className="button"
            aria-disabled={!dates.length}
            onClick={() => dates.length && edit((choices) => leaveOut(choices, dates))}
          >
            {dates.length ? `Leave out ${counted(dates.length, 'date')}` : 'Leave out'}
          </button>
        </div>
      )}
      <p className="quiet" role="status">
        {from && !dates.length && rangeWords(lines, from, to || from)}
      </p>
    </details>
  );
}

function rangeWords(lines: readonly Line[], from: string, to: string): string {
  if (to < from) return 'The last day is before the first.';
  const its = lines.filter(({ occurrence: { date } }) => date >= from && date <= to).length;
  return its ? `${counted(its, 'date')} left out.` : 'There is no walk in these days.';
}
