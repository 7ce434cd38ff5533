/** Who is signed in, as the page about the API needs it. */

import type { Session } from '../api/types';

/** null: nobody is signed in, or the gateway does not answer. */
export async function readSession(): Promise<Session | null> {
  const answer = await fetch('/api/v1/session').catch(() => null);
  return answer?.ok ? ((await answer.json()) as Session) : null;
}

/** A sentence about who tries the operations. */
export function signedInAs(session: Session | null): (string | Node)[] {
  if (session) return [`You are signed in as ${session.account.name} (${session.account.email}).`];
  const link = document.createElement('a');
  link.href = '/sign-in';
  link.textContent = 'Sign in';
  return [link, ' to try what needs an account.'];
}
