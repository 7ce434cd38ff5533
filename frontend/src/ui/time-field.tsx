import { parseTime, type Time } from '@internationalized/date';
import type { ReactNode } from 'react';
import { Label, TimeField as AriaTimeField } from 'react-aria-components';

import { HintAndError, Segments, useSegments } from './date-segments';
import './date-field.css';

interface Props {
  label: string;
  /** HH:MM of 24 hours, or '' while the time is missing or unfinished. */
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
}

const parse = (value: string): Time | null => (/^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? parseTime(value) : null);

const write = (time: Time | null): string => time?.toString().slice(0, 5) ?? '';

/** A time of day by the clock of the business's country. */
export function TimeField({ label, value, onChange, hint, error }: Props) {
  const segments = useSegments(value, onChange, { parse, write });
  return (
    <AriaTimeField
      className="field"
      value={segments.shown}
      onChange={segments.change}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      shouldForceLeadingZeros
    >
      <Label className="label">{label}</Label>
      <Segments className="date-group date-input" onFinish={segments.finish} />
      <HintAndError hint={hint} error={error} />
    </AriaTimeField>
  );
}
