import { useRef } from 'react';

import { DateField } from '../../ui/date-field';
import { TimeField } from '../../ui/time-field';
import { browserZone, cityOf, showFullDate } from '../../words/dates';

import { startingOn, type Draft, type DraftErrors } from './draft';
import { WeekdaysField, RecurrenceFields } from './recurrence-fields';
import { useFreeDays } from './use-free-days';

interface Props {
  draft: Draft;
  today: string;
  zone: string;
  errors: DraftErrors;
  change: (part: Partial<Draft>) => void;
}

/** The rule: from when, at what time, on which days, how often and for how long. */
export function WhenFields({ draft, today, zone, errors, change }: Props) {
  const free = useFreeDays(draft, zone);
  const startOn = useStart(draft, change);
  return (
    <section className="box stack" aria-labelledby="when-heading">
      <h2 id="when-heading" className="visually-hidden">
        When
      </h2>
      <div className="when">
        <DateField
          label="Starts"
          min={today}
          marked={free}
          value={draft.startsOn}
          onChange={startOn}
          hint={draft.startsOn && showFullDate(draft.startsOn)}
          error={errors.starts_on}
        />
        <TimeField
          label="At"
          value={draft.startTime}
          onChange={(startTime) => change({ startTime })}
          hint={zone === browserZone() ? undefined : `${cityOf(zone)} time`}
          error={errors.start_time}
        />
        {draft.repeats !== 'once' && (
          <WeekdaysField
            chosen={draft.weekdays}
            error={errors.weekdays}
            onChange={(chosen) => change({ weekdays: chosen })}
          />
        )}
      </div>
      {draft.repeats !== 'once' && <RecurrenceFields draft={draft} errors={errors} change={change} />}
    </section>
  );
}

/** Sets the first day. While it is being typed there is none: the weekday follows from the last whole one to the next. */
function useStart(draft: Draft, change: Props['change']) {
  const last = useRef(draft.startsOn);
  return (startsOn: string) => {
    last.current = draft.startsOn || last.current;
    if (startsOn) change(startingOn({ ...draft, startsOn: last.current }, startsOn));
    else change({ startsOn });
  };
}
