import { RadioButton, RadioField, RadioGroup, ToggleButton, ToggleButtonGroup } from 'react-aria-components';

import type { Weekday } from '../../api/types';
import { DateField } from '../../ui/date-field';
import { SelectField, TextField } from '../../ui/field';
import { GroupField } from '../../ui/group-field';
import { showFullDate } from '../../words/dates';
import { showWeekday, weekdays } from '../../words/weekdays';

import type { Draft, DraftErrors } from './draft';
import './recurrence-fields.css';

interface Props {
  draft: Draft;
  errors: DraftErrors;
  change: (part: Partial<Draft>) => void;
}

const repeatsWords: Record<Draft['repeats'], string> = { once: 'Once', weekly: 'Every week', custom: 'Custom' };

/** The first question: one walk, the usual, or something else. */
export function RepeatsField({ draft, change }: Omit<Props, 'errors'>) {
  return (
    <GroupField label="How often">
      {({ labelId }) => (
        <RadioGroup
          className="segments"
          orientation="horizontal"
          aria-labelledby={labelId}
          value={draft.repeats}
          onChange={(repeats) => change({ repeats: repeats as Draft['repeats'] })}
        >
          {Object.entries(repeatsWords).map(([value, words]) => (
            <RadioField key={value} value={value}>
              <RadioButton className="segment">{words}</RadioButton>
            </RadioField>
          ))}
        </RadioGroup>
      )}
    </GroupField>
  );
}

interface WeekdaysProps {
  chosen: Weekday[];
  error: string | undefined;
  onChange: (days: Weekday[]) => void;
}

export function WeekdaysField({ chosen, error, onChange }: WeekdaysProps) {
  return (
    <GroupField label="On" error={error} className="field">
      {({ labelId, errorId }) => (
        <ToggleButtonGroup
          className="days"
          selectionMode="multiple"
          aria-labelledby={labelId}
          selectedKeys={chosen}
          onSelectionChange={(keys) => onChange([...keys] as Weekday[])}
        >
          {weekdays.map((day) => (
            <ToggleButton
              key={day}
              id={day}
              className="day"
              aria-label={showWeekday(day)}
              {...(errorId && { 'aria-describedby': errorId })}
            >
              {showWeekday(day).slice(0, 1)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      )}
    </GroupField>
  );
}

const intervals = [1, 2, 3, 4, 5, 6, 8, 12];

/** How often, and for how long. */
export function RecurrenceFields({ draft, errors, change }: Props) {
  return (
    <div className="when">
      {draft.repeats === 'custom' && (
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
      )}
      <SelectField label="Ends" value={draft.ends} onChange={(ends) => change({ ends: ends as Draft['ends'] })}>
        <option value="count">After a number of walks</option>
        <option value="until">On a date</option>
      </SelectField>
      {draft.ends === 'count' ? (
        // A field of numbers would change with the wheel when somebody only scrolls.
        <TextField
          label="Walks"
          inputMode="numeric"
          autoComplete="off"
          value={draft.count}
          onChange={(count) => change({ count: count.trim() })}
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
