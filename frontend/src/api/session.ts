/** Who is signed in, and of which organization. */

import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { ask, rememberCsrfToken } from './client';
import { Problem } from './problem';
import type { Account, Organization, Session } from './types';

/** null: nobody is signed in. */
export const session = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const found = await ask<Session>('GET', '/session', { signal });
      rememberCsrfToken(found.csrf_token);
      return found;
    } catch (error) {
      if (error instanceof Problem && error.is('not-signed-in')) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const organization = queryOptions({
  queryKey: ['organization'],
  queryFn: ({ signal }) => ask<Organization>('GET', '/organization', { signal }),
  staleTime: Infinity,
});

export interface Credentials {
  email: string;
  password: string;
  organization?: string;
}

/** Sign in, and forget whatever was read as somebody else. */
export async function signIn(queries: QueryClient, credentials: Credentials): Promise<void> {
  const found = await ask<Session>('POST', '/session', { body: credentials });
  rememberCsrfToken(found.csrf_token);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  queries.setQueryData(session.queryKey, found);
}

export async function signOut(queries: QueryClient): Promise<void> {
  await ask('DELETE', '/session');
  rememberCsrfToken(null);
  queries.setQueryData(session.queryKey, null);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}

export interface NewAccount {
  organization: string;
  name: string;
  email: string;
  password: string;
}

export const register = (account: NewAccount) => ask<{ account: Account }>('POST', '/accounts', { body: account });

export interface NewOrganization {
  slug: string;
  name: string;
  time_zone: string;
  currency: string;
  admin: { name: string; email: string; password: string };
}

export const found = (organization: NewOrganization) =>
  ask<{ organization: Organization; account: Account }>('POST', '/organizations', { body: organization });
