/** What went wrong, in the server's words (RFC 9457) or, where the server could not be reached, in ours. */

import type { BusinessChoice, Occurrence } from './types';

export interface FieldError {
  path: string;
  message: string;
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  retryable: boolean;
  correlation_id: string | null;
  fields?: FieldError[];
  occurrences?: Occurrence[];
  /** The businesses to choose from, where an e-mail and password fit several. */
  organizations?: BusinessChoice[];
}

export class Problem extends Error {
  readonly body: ProblemBody;
  /** How long the server asked to wait before the same is sent again. */
  readonly retryAfter_s: number;

  constructor(body: ProblemBody, retryAfter_s = 0) {
    super(body.detail);
    this.name = 'Problem';
    this.body = body;
    this.retryAfter_s = retryAfter_s;
  }

  /** Whether this is the problem type of that name, such as `booking-conflicts`. */
  is(name: string): boolean {
    return this.body.type === `/problems/${name}`;
  }
}

const unreached = 'We could not reach Packwalk. Check your connection and try again: nothing is ever booked twice.';

/** Make a problem of anything that a request can throw. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const tooLong = error instanceof DOMException && error.name === 'TimeoutError';
  return new Problem({
    type: '/problems/unreachable',
    title: tooLong ? 'No answer' : 'No connection',
    status: 0,
    detail: tooLong ? 'Packwalk took too long to answer. Try again: nothing is ever booked twice.' : unreached,
    retryable: true,
    correlation_id: null,
  });
}

/** Read a problem from a refused response; whatever a proxy in between says instead becomes one as well. */
export function readProblem(
  status: number,
  body: unknown,
  correlationId: string | null,
  retryAfter: string | null = null,
): Problem {
  // A date may stand there as well: then it is for the page to say when.
  const retryAfter_s = Number(retryAfter) || 0;
  if (isBody(body)) return new Problem(body, retryAfter_s);
  return new Problem(
    {
      type: '/problems/unreadable',
      title: 'An answer we could not read',
      status,
      detail: `Packwalk answered in a way this page does not understand (${status}). Try again in a moment.`,
      retryable: status >= 500,
      correlation_id: correlationId,
    },
    retryAfter_s,
  );
}

function isBody(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'type' in value && 'detail' in value && 'retryable' in value;
}
