import { parseDate, type CalendarDate } from '@internationalized/date';
import type { ReactNode } from 'react';
import { Button, DatePicker, Dialog, Group, Label, Popover } from 'react-aria-components';

import { DateCalendar, type MarkedDays } from './date-calendar';
import { HintAndError, Segments, useSegments } from './date-segments';
import { CalendarIcon } from './icons';
import './date-field.css';

interface Props {
  label: string;
  /** YYYY-MM-DD, or '' while the date is missing or unfinished. */
  value: string;
  onChange: (value: string) => void;
  /** The first day that the calendar offers; an earlier one can still be typed, and is then said to be wrong. */
  min?: string | undefined;
  hint?: ReactNode;
  error?: string | undefined;
  /** Days that the calendar marks with a dot. */
  marked?: MarkedDays | undefined;
}

const parse = (value: string): CalendarDate | null => (/^\d{4}-\d\d-\d\d$/.test(value) ? parseDate(value) : null);

/** A year that is still being typed is no date yet: "2" of "2026" would be the year 2. */
const write = (date: CalendarDate | null): string => (date && date.year >= 1000 ? date.toString() : '');

/** A date in the order of the business's country: typed part by part, or taken from a calendar. */
export function DateField({ label, value, onChange, min, hint, error, marked }: Props) {
  const segments = useSegments(value, onChange, { parse, write });
  return (
    <DatePicker
      className="field"
      value={segments.shown}
      onChange={segments.change}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      shouldForceLeadingZeros
    >
      <Label className="label">{label}</Label>
      <Group className="date-group">
        <Segments className="date-input" onFinish={segments.finish} />
        <Button className="date-button">
          <CalendarIcon />
        </Button>
      </Group>
      <HintAndError hint={hint} error={error} />
      <Popover className="date-popover">
        <Dialog className="date-dialog" aria-label={label}>
          <DateCalendar min={min ? parse(min) : null} marked={marked} />
        </Dialog>
      </Popover>
    </DatePicker>
  );
}
