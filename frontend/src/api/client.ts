/** One way to the gateway: every write carries the CSRF token, every refusal is thrown as a Problem. */

import { problemOf, readProblem } from './problem';

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

export interface Asked {
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Ask the gateway. Rejects with a Problem, or with an AbortError when `signal` said so. */
export async function ask<T>(
  method: string,
  path: string,
  { body, query, idempotencyKey, signal }: Asked = {},
): Promise<T> {
  const headers = new Headers({ Accept: 'application/json' });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (csrfToken && method !== 'GET') headers.set('X-CSRF-Token', csrfToken);
  if (idempotencyKey) headers.set('X-Idempotency-Key', idempotencyKey);
  const request: RequestInit = { method, headers, signal: withPatience(signal) };
  if (body !== undefined) request.body = JSON.stringify(body);
  const response = await send(`/api/v1${path}${queryOf(query)}`, request, signal);
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const problem = readProblem(response.status, answer, response.headers.get('X-Request-ID'));
  if (problem.is('not-signed-in')) onSignedOut();
  throw problem;
}

async function send(url: string, request: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw problemOf(error);
  }
}

function withPatience(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(patience);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

function queryOf(query: Asked['query']): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length ? `?${new URLSearchParams(given).toString()}` : '';
}
