/** Who is signed in, and of which organization. */

import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { api, bodyOf, idempotencyHeader, isSignedOut, rememberCsrfToken } from './client';
import { Problem } from './problem';
import { tellOtherTabs } from './tabs';
import type { Credentials, NewAccount, NewOrganization, Session } from './types';

/** null: nobody is signed in. */
export const session = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ client, signal }): Promise<Session | null> => {
    try {
      const found = await bodyOf(api.GET('/api/v1/session', { signal }));
      rememberCsrfToken(found.csrf_token);
      const before = client.getQueryData<Session | null>(['session']);
      if (before && before.account.id !== found.account.id) forgetOthers(client);
      return found;
    } catch (error) {
      if (error instanceof Problem && isSignedOut(error)) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const organization = queryOptions({
  queryKey: ['organization'],
  queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/organization', { signal })),
  staleTime: Infinity,
});

/** Whatever was read as somebody else. */
const forgetOthers = (queries: QueryClient): void =>
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });

/** Sign in, and forget whatever was read as somebody else. */
export async function signIn(queries: QueryClient, credentials: Credentials): Promise<void> {
  const found = await bodyOf(api.POST('/api/v1/session', { body: credentials }));
  rememberCsrfToken(found.csrf_token);
  forgetOthers(queries);
  queries.setQueryData(session.queryKey, found);
  tellOtherTabs();
}

export async function signOut(queries: QueryClient): Promise<void> {
  await api.DELETE('/api/v1/session');
  rememberCsrfToken(null);
  queries.setQueryData(session.queryKey, null);
  forgetOthers(queries);
  tellOtherTabs();
}

export const registerAccount = (account: NewAccount, key: string) =>
  bodyOf(api.POST('/api/v1/accounts', { body: account, headers: idempotencyHeader(key) }));

export const registerOrganization = (organization: NewOrganization, key: string) =>
  bodyOf(api.POST('/api/v1/organizations', { body: organization, headers: idempotencyHeader(key) }));
