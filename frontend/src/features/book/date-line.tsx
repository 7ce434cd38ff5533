import { memo } from 'react';

import { showDayOfYear, showTime } from '../../words/dates';

import { DateChoices, DateTick } from './date-choices';
import { useChoices } from './choices-context';
import { sameLine, type Line } from './plan';

/** A date that cannot be booked as it stands, or only just, with every reason and with what would work instead. */
export const DateLine = memo(
  function DateLine({ line }: { line: Line }) {
    const { zone } = useChoices();
    const { occurrence, state, instead, isNew } = line;
    const at = instead ? showTime(instead.scheduled_start, zone) : occurrence.time;
    return (
      <li className={`date date-line date-${state}`} id={`date-${occurrence.date}`} tabIndex={-1}>
        <span className="date-when">
          <DateTick line={line} words={`${showDayOfYear(occurrence.date)} ${at}`} />
          {isNew && <span className="date-new">New</span>}
        </span>
        <DateChoices line={line} />
      </li>
    );
  },
  (before, after) => sameLine(before.line, after.line),
);

/** A date that is free: a tick, and nothing else to say. */
export const FreeDate = memo(
  function FreeDate({ line }: { line: Line }) {
    const { date } = line.occurrence;
    return (
      <li
        className="free-date"
        id={`date-${date}`}
        tabIndex={-1}
        data-left-out={line.state === 'left_out' || undefined}
      >
        <DateTick line={line} words={showDayOfYear(date)} />
      </li>
    );
  },
  (before, after) => sameLine(before.line, after.line),
);
