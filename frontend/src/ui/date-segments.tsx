import { useContext, useEffect, useEffectEvent, useMemo, useState, type ReactNode } from 'react';
import {
  DateFieldStateContext,
  DateInput,
  DateSegment,
  FieldError,
  Text,
  TimeFieldStateContext,
} from 'react-aria-components';

import { Stop } from './icons';

interface AsText<T> {
  parse: (value: string) => T | null;
  /** '' of what is no whole value. */
  write: (value: T | null) => string;
}

/**
 * A date or time that is typed part by part, as text: '' as long as a part is missing, so that nobody goes on with the value that
 * stood there before. What was typed of the other parts stays in the field.
 */
export function useSegments<T>(value: string, onChange: (value: string) => void, { parse, write }: AsText<T>) {
  const given = useMemo(() => parse(value), [value, parse]);
  const [typed, setTyped] = useState(given);
  const [isUnfinished, setUnfinished] = useState(false);
  const reported = isUnfinished ? '' : write(typed);
  const shown = reported === value ? typed : given;
  const tell = (text: string) => {
    if (text !== value) onChange(text);
  };
  return {
    shown,
    change: (next: T | null) => {
      setTyped(next);
      setUnfinished(next === null);
      tell(write(next));
    },
    finish: (unfinished: boolean) => {
      setUnfinished(unfinished);
      tell(unfinished ? '' : write(shown));
    },
  };
}

/** The parts in a row. `onFinish` is called when the first part goes missing, and when the last missing one is typed. */
export function Segments({ className, onFinish }: { className: string; onFinish: (unfinished: boolean) => void }) {
  return (
    <DateInput className={className}>
      {(segment) => (
        <DateSegment segment={segment} className="date-segment">
          {({ text, defaultChildren }) => (
            <>
              {defaultChildren ?? text}
              <SegmentWatcher onFinish={onFinish} />
            </>
          )}
        </DateSegment>
      )}
    </DateInput>
  );
}

/** What to know about such a field, and what is wrong with it. */
export function HintAndError({ hint, error }: { hint: ReactNode; error: string | undefined }) {
  return (
    <>
      {hint && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">
        <Stop /> {error}
      </FieldError>
    </>
  );
}

function SegmentWatcher({ onFinish }: { onFinish: (unfinished: boolean) => void }) {
  const date = useContext(DateFieldStateContext);
  const time = useContext(TimeFieldStateContext);
  const segments = (date ?? time)?.segments ?? [];
  const isUnfinished = segments.some((segment) => segment.isEditable && segment.isPlaceholder);
  const tell = useEffectEvent(onFinish);
  useEffect(() => tell(isUnfinished), [isUnfinished]);
  return null;
}
