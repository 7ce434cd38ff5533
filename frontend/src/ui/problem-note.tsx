import type { Problem } from '../api/problem';

import { Button } from './button';
import { messageBesideFields } from './field-errors';
import { Stop } from './icons';
import { Reference } from './reference';

interface Props {
  problem: Problem;
  /** The paths of the fields at which the form says itself what is wrong with them. */
  fields?: readonly string[];
  onRetry?: (() => void) | undefined;
}

/** What a toast says, said where it belongs as well: the cause, and Retry when that can help. */
export function ProblemNote({ problem, fields = [], onRetry }: Props) {
  const words = messageBesideFields(problem, fields);
  if (words === null) return null;
  return (
    <div className="note note-red">
      <Stop />
      <div className="note-text">
        <strong>{problem.body.title}</strong>
        <p>{words}</p>
        {problem.body.correlation_id && <Reference id={problem.body.correlation_id} />}
      </div>
      {onRetry && problem.body.retryable && <Button onPress={onRetry}>Retry</Button>}
    </div>
  );
}
