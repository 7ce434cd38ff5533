import type { Problem } from '../api/problem';

import { Button } from './button';
import { Stop } from './icons';
import { Reference } from './reference';

/** What a toast says, said where it belongs as well: the cause, and Retry when that can help. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: (() => void) | undefined }) {
  return (
    <div className="note note-red">
      <Stop />
      <div className="note-text">
        <strong>{problem.body.title}</strong>
        <p>{problem.message}</p>
        {problem.body.correlation_id && <Reference id={problem.body.correlation_id} />}
      </div>
      {onRetry && problem.body.retryable && <Button onPress={onRetry}>Retry</Button>}
    </div>
  );
}
