import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';

import type { Weekday } from '../../api/types';
import { DateField } from '../../ui/date-field';
import { FieldError, SelectField, TextField } from '../../ui/field';
import { TimeField } from '../../ui/time-field';
import { browserZone, cityOf, showFullDate } from '../../words/dates';
import { showWeekday, weekdays } from '../../words/weekdays';

import { startingOn, type Draft, type DraftErrors } from './draft';
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
          onChange={(startsOn) => change(startingOn(draft, startsOn))}
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
        <Days chosen={draft.weekdays} error={errors.weekdays} onChange={(chosen) => change({ weekdays: chosen })} />
      </div>
      <Rhythm draft={draft} errors={errors} change={change} />
    </section>
  );
}

const intervals = [1, 2, 3, 4, 5, 6, 8, 12];

/** How often, and for how long. */
function Rhythm({ draft, errors, change }: Pick<Props, 'draft' | 'errors' | 'change'>) {
  return (
    <div className="when">
      <SelectField
        label="Repeats"
        value={draft.every}
        onChange={(every) => change({ every })}
        error={errors.interval_weeks}
      >
        {intervals.map((weeks) => (
          <option key={weeks} value={weeks}>
            {weeks === 1 ? 'Every week' : `Every ${weeks} weeks`}
          </option>
        ))}
      </SelectField>
      <SelectField label="Ends" value={draft.ends} onChange={(ends) => change({ ends: ends as Draft['ends'] })}>
        <option value="count">After a number of walks</option>
        <option value="until">On a date</option>
      </SelectField>
      {draft.ends === 'count' ? (
        <TextField
          label="Walks"
          type="number"
          inputMode="numeric"
          min={1}
          max={366}
          value={draft.count}
          onChange={(count) => change({ count })}
          error={errors.count}
        />
      ) : (
        <DateField
          label="Last day"
          min={draft.startsOn}
          value={draft.until}
          onChange={(until) => change({ until })}
          hint={draft.until && showFullDate(draft.until)}
          error={errors.until}
        />
      )}
    </div>
  );
}

interface DaysProps {
  chosen: Weekday[];
  error: string | undefined;
  onChange: (days: Weekday[]) => void;
}

function Days({ chosen, error, onChange }: DaysProps) {
  return (
    <div className="field">
      <span className="label" id="days-label">
        On
      </span>
      <ToggleButtonGroup
        className="days"
        selectionMode="multiple"
        aria-labelledby="days-label"
        selectedKeys={chosen}
        onSelectionChange={(keys) => onChange([...keys] as Weekday[])}
      >
        {weekdays.map((day) => (
          <ToggleButton key={day} id={day} className="day" aria-label={showWeekday(day)}>
            {showWeekday(day).slice(0, 1)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {error && <FieldError>{error}</FieldError>}
    </div>
  );
}
