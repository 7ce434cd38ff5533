import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation, useSearchParams } from 'react-router';

import { problemOf } from '../api/problem';
import { session } from '../api/session';
import { ProblemNote } from '../ui/problem-note';

import { Waiting } from './waiting';

/** Only for somebody who is signed in; everybody else signs in first and then comes back to where they were. */
export function SignedIn() {
  const { data, error, refetch } = useQuery(session);
  const { pathname, search } = useLocation();
  if (data) return <Outlet />;
  if (data === null) return <Navigate to={`/sign-in?${backTo(pathname + search)}`} replace />;
  if (error) return <Away error={error} retry={() => void refetch()} />;
  return <Waiting />;
}

/** Only for somebody who is not; after signing in these pages lead on by themselves. */
export function SignedOut() {
  const { data, error, refetch } = useQuery(session);
  const [params] = useSearchParams();
  if (data) return <Navigate to={ownPath(params.get('back'))} replace />;
  if (data === null) return <Outlet />;
  if (error) return <Away error={error} retry={() => void refetch()} />;
  return <Waiting />;
}

export function Home() {
  const { data } = useQuery(session);
  return <Navigate to={data?.account.role === 'customer' ? '/book' : '/bookings'} replace />;
}

/** Customers book, walkers and the office have calendars; whoever a page is not for goes to the page that everybody has. */
export function Only({ customers }: { customers: boolean }) {
  const { data } = useQuery(session);
  return (data?.account.role === 'customer') === customers ? <Outlet /> : <Navigate to="/bookings" replace />;
}

const backTo = (path: string): string => new URLSearchParams(path === '/' ? {} : { back: path }).toString();

/** A path of this page and nothing else: `back` is in an address that anybody can make up. */
const ownPath = (back: string | null): string => (back && /^\/(?![/\\])/.test(back) ? back : '/');

function Away({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <main className="alone">
      <h1>Packwalk</h1>
      <ProblemNote problem={problemOf(error)} onRetry={retry} />
    </main>
  );
}
