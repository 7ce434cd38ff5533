/** One way to the gateway: every write carries the CSRF token, every refusal is thrown as a Problem. */

import createClient, { type Middleware } from 'openapi-fetch';

import { problemOf, readProblem } from './problem';
import type { paths } from './schema';

const patience = 30_000;

let csrfToken: string | null = null;
let onSignedOut: () => void = () => undefined;

export const rememberCsrfToken = (token: string | null): void => {
  csrfToken = token;
};

/** What to do when the server no longer knows who this is. */
export const whenSignedOut = (then: () => void): void => {
  onSignedOut = then;
};

const manners: Middleware = {
  onRequest({ request }) {
    if (csrfToken && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrfToken);
    return new Request(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(patience)]) });
  },
  async onResponse({ response }) {
    if (response.ok) return;
    const answer: unknown = await response.json().catch(() => null);
    const problem = readProblem(response.status, answer, response.headers.get('X-Request-ID'));
    if (problem.is('not-signed-in')) onSignedOut();
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
api.use(manners);

/** The body of an answer; what is no success was thrown before. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
