import { useLayoutEffect, useRef } from 'react';

import type { Alternative } from '../../api/types';
import { Back, Stop, Tick, Warning } from '../../ui/icons';
import { showDate } from '../../words/dates';

import { alternativeLabel, choiceWords } from './alternatives';
import { choose, leaveOut, undo } from './choices';
import { useChoices } from './choices-context';
import type { Line } from './plan';
import { reasonOf } from '../../ui/conflict-reasons';

/** Why a date needs a look and what would work instead. Buttons are the browser's own: a year of lines has a hundred of them. */
export function DateChoices({ line: { occurrence, state, instead } }: { line: Line }) {
  const context = useChoices();
  const { edit } = context;
  const { date, time } = occurrence;
  const { place, act } = useFocusThatStays();
  if (state === 'left_out') return <span className="date-why quiet">Left out</span>;
  return (
    <span className="date-choices" ref={place}>
      {instead ? (
        <span className="date-why">
          <span>
            <Tick /> <strong>Chosen</strong> {choiceWords(instead, time, context)}
          </span>
          <button
            type="button"
            className="try try-quiet"
            aria-label={`Undo the choice for ${showDate(date)}`}
            onClick={() => act(() => edit((choices) => undo(choices, [date])))}
          >
            <Back /> Undo
          </button>
        </span>
      ) : (
        <Reasons line={{ occurrence, state }} />
      )}
      {!instead && (
        <Alternatives
          of={{ occurrence, state }}
          pick={(other) => act(() => edit((choices) => choose(choices, date, other)))}
        />
      )}
    </span>
  );
}

type Undecided = Pick<Line, 'occurrence' | 'state'>;

function Alternatives({ of: { occurrence, state }, pick }: { of: Undecided; pick: (other: Alternative) => void }) {
  const { zone, walkerId, shortName } = useChoices();
  if (!occurrence.alternatives.length)
    return state === 'taken' ? <span className="quiet">Nothing else is free that day.</span> : null;
  return (
    <span className="date-try">
      {state === 'tight' && <span className="quiet">Booked all the same, or</span>}
      {occurrence.alternatives.map((other) => {
        const words = alternativeLabel(other, zone, walkerId, shortName);
        const who = other.walker_id === walkerId ? ` with ${shortName(other.walker_name)}` : '';
        return (
          <button
            key={other.scheduled_start + other.walker_id}
            type="button"
            className="try"
            aria-label={`${words}${who} instead, ${showDate(occurrence.date)}`}
            onClick={() => pick(other)}
          >
            {words}
          </button>
        );
      })}
    </span>
  );
}

function Reasons({ line: { occurrence, state } }: { line: Undecided }) {
  const context = useChoices();
  const said = new Map(
    occurrence.conflicts.map((conflict) => [reasonOf(conflict, occurrence, context), conflict] as const),
  );
  return (
    <span className="date-why">
      {[...said].map(([words, { severity, estimated }]) => (
        <span key={words} className={`reason reason-${severity}`}>
          {severity === 'hard' ? <Stop /> : <Warning />}
          <strong className="visually-hidden">{severity === 'hard' ? 'Conflict:' : 'Warning:'}</strong> {words}
          {estimated && <span className="quiet"> · travel time estimated</span>}
        </span>
      ))}
      {state === 'tight' && !occurrence.alternatives.length && <span className="quiet">Booked all the same</span>}
    </span>
  );
}

/** A tick says that the date is booked, a dash that it needs a decision, and an empty box that it is left out. */
export function DateTick({ line: { occurrence, state }, words }: { line: Undecided; words: string }) {
  const { edit } = useChoices();
  const { date } = occurrence;
  return (
    <label className="date-tick">
      <input
        type="checkbox"
        checked={state !== 'left_out' && state !== 'taken'}
        ref={(box) => {
          if (box) box.indeterminate = state === 'taken';
        }}
        title={state === 'left_out' ? 'Left out: tick to book it after all' : 'Leave this date out'}
        onChange={() => edit((choices) => (state === 'left_out' ? undo(choices, [date]) : leaveOut(choices, [date])))}
        // Enter would send the form that is around it.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      <span>{words}</span>
    </label>
  );
}

/** The control that was pressed goes with what it changed: the focus goes on to the one that stands in its place. */
function useFocusThatStays() {
  const place = useRef<HTMLSpanElement>(null);
  const acted = useRef(false);
  useLayoutEffect(() => {
    if (!acted.current) return;
    acted.current = false;
    place.current?.querySelector<HTMLElement>('.try')?.focus();
  });
  const act = (how: () => void) => {
    acted.current = true;
    how();
  };
  return { place, act };
}
