import { useId, type ReactNode } from 'react';

import { FieldError } from './field';

interface Props {
  label: string;
  /** What is wrong with the choice, in the server's words or ours. */
  error?: string | undefined;
  className?: string;
  /** Gets the label's id, and the error's while there is one, for every control of the group. */
  children: (ids: { labelId: string; errorId: string | undefined }) => ReactNode;
}

/** Several controls that are one field: named together, and wrong together. */
export function GroupField({ label, error, className = 'stack-tight', children }: Props) {
  const id = useId();
  const errorId = error ? `${id}-error` : undefined;
  // Readers of screens tell it of a group as well, though newer ARIA lists it for single controls only.
  const wrong = error ? { 'aria-invalid': true } : {};
  return (
    <div className={className} role="group" aria-labelledby={`${id}-label`} aria-describedby={errorId} {...wrong}>
      <span className="label" id={`${id}-label`}>
        {label}
      </span>
      {children({ labelId: `${id}-label`, errorId })}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}
