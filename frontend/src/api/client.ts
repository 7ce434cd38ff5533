/** One way to the gateway: every write carries the CSRF token, every refusal is thrown as a Problem. */

import createClient, { type Middleware } from 'openapi-fetch';

import { compareClocks } from './clock';
import { problemOf, readProblem, type Problem } from './problem';
import type { paths } from './schema';

const timeout_ms = 30_000;

let csrfToken: string | null = null;
let onSignedOut: (why: Problem) => void = () => undefined;
let onOutdated: () => void = () => undefined;

export const rememberCsrfToken = (token: string | null): void => {
  csrfToken = token;
};

/** What to do when the server no longer knows who this is. */
export const whenSignedOut = (then: (why: Problem) => void): void => {
  onSignedOut = then;
};

/** What to do when this page's CSRF token is of another session than its cookie. */
export const whenOutdated = (then: () => void): void => {
  onOutdated = then;
};

/** Whether the server no longer takes this session: it has ended, or the account was closed. */
export const isSignedOut = (problem: Problem): boolean =>
  problem.is('not-signed-in') || (problem.is('account-closed') && problem.body.status === 401);

const middleware: Middleware = {
  onRequest({ request }) {
    if (csrfToken && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrfToken);
    return new Request(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeout_ms)]) });
  },
  async onResponse({ response }) {
    compareClocks(response.headers.get('Date'));
    if (response.ok) return;
    const answer: unknown = await response.json().catch(() => null);
    const { headers, status } = response;
    const problem = readProblem(status, answer, headers.get('X-Request-ID'), headers.get('Retry-After'));
    if (isSignedOut(problem)) onSignedOut(problem);
    if (problem.is('csrf-token-invalid')) onOutdated();
    throw problem;
  },
  onError({ error }) {
    // Whoever asked no longer wants to know.
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return problemOf(error);
  },
};

/** Everything that the contract knows. Rejects with a Problem, or with an AbortError when the `signal` said so. */
export const api = createClient<paths>();
api.use(middleware);

/** The body of an answer; what is no success was thrown before. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** The header with which a request that is sent again makes nothing twice. */
export const idempotencyHeader = (key: string) => ({ 'X-Idempotency-Key': key });
