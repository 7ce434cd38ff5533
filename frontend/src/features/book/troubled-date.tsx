import type { Conflict } from '../../api/types';
import { Button } from '../../ui/button';
import { Back, Stop, Tick, Warning } from '../../ui/icons';
import { showDate, showDayOfYear, showTime } from '../../words/dates';

import { shortly } from './alternatives';
import { choose, undo, type Choices } from './choices';
import type { Line } from './plan';

interface Props {
  line: Line;
  zone: string;
  walkerId: string;
  choices: Choices;
  change: (choices: Choices) => void;
}

/** A date that cannot be booked as it stands, or only just, with every reason and with what would work instead. */
export function TroubledDate({ line, zone, walkerId, choices, change }: Props) {
  const { occurrence, state, instead, isNew } = line;
  const { date, time } = occurrence;
  const drop = () => change(undo(choices, [date]));
  return (
    <li className={`date date-${state}`} id={`date-${date}`} tabIndex={-1}>
      <span className="date-when">
        {showDayOfYear(date)} {instead ? showTime(instead.scheduled_start, zone) : time}
        {isNew && <span className="date-new">New</span>}
      </span>
      {instead ? (
        <span className="date-why">
          <span>
            <Tick /> <strong>Chosen</strong> with {instead.walker_name}, instead of {time}
          </span>
          <Button kind="quiet" onPress={drop} aria-label={`Undo the choice for ${showDate(date)}`}>
            <Back /> Undo
          </Button>
        </span>
      ) : (
        <Reasons conflicts={occurrence.conflicts} isTaken={state === 'taken'} />
      )}
      {!instead && occurrence.alternatives.length > 0 && (
        <span className="date-try">
          {state === 'taken' ? 'Try' : 'Or'}{' '}
          {occurrence.alternatives.map((other) => (
            <Button
              key={other.scheduled_start + other.walker_id}
              aria-label={`Book ${showDate(date)} at ${showTime(other.scheduled_start, zone)} with ${other.walker_name} instead`}
              onPress={() => change(choose(choices, date, other))}
            >
              {shortly(other, zone, walkerId)}
            </Button>
          ))}
        </span>
      )}
    </li>
  );
}

function Reasons({ conflicts, isTaken }: { conflicts: readonly Conflict[]; isTaken: boolean }) {
  const said = [...new Map(conflicts.map((conflict) => [conflict.message, conflict])).values()];
  return (
    <span className="date-why">
      {said.map(({ message, severity, estimated }) => (
        <span key={message} className={`reason reason-${severity}`}>
          {severity === 'hard' ? <Stop /> : <Warning />}
          <strong className="visually-hidden">{severity === 'hard' ? 'Conflict:' : 'Warning:'}</strong> {message}
          {estimated && <span className="quiet"> · travel time estimated</span>}
        </span>
      ))}
      <span className="quiet">{isTaken ? 'Skipped' : 'Booked all the same'}</span>
    </span>
  );
}
