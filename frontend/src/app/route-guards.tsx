import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation, useSearchParams } from 'react-router';

import { problemOf } from '../api/problem';
import { session } from '../api/session';
import { ProblemNote } from '../ui/problem-note';

import { PageSkeleton } from './page-skeleton';

/** Only for somebody who is signed in; everybody else signs in first and then comes back to where they were. */
export function RequireSignedIn() {
  const { data, error, refetch } = useQuery(session);
  const { pathname, search } = useLocation();
  // Another account, signed in by another tab, begins with nothing of the one before.
  if (data) return <Outlet key={data.account.id} />;
  if (data === null) return <Navigate to={`/sign-in?${backParameter(pathname + search)}`} replace />;
  if (error) return <ServerAway error={error} retry={() => void refetch()} />;
  return <PageSkeleton />;
}

/** Only for somebody who is not; after signing in these pages lead on by themselves. */
export function RequireSignedOut() {
  const { data, error, refetch } = useQuery(session);
  const [params] = useSearchParams();
  if (data) return <Navigate to={localPath(params.get('back'))} replace />;
  if (data === null) return <Outlet />;
  if (error) return <ServerAway error={error} retry={() => void refetch()} />;
  return <PageSkeleton />;
}

/** The first page after signing in. */
export function RedirectHome() {
  return <Navigate to={useIsCustomer() ? '/book' : '/bookings'} replace />;
}

/** Customers book; whoever a page is not for goes to the page that everybody has. */
export function RequireCustomer() {
  return useIsCustomer() ? <Outlet /> : <Navigate to="/bookings" replace />;
}

/** Walkers and the office have calendars. */
export function RequireStaff() {
  return useIsCustomer() ? <Navigate to="/bookings" replace /> : <Outlet />;
}

function useIsCustomer(): boolean {
  const { data } = useQuery(session);
  return data?.account.role === 'customer';
}

const backParameter = (path: string): string => new URLSearchParams(path === '/' ? {} : { back: path }).toString();

/** A path of this page and nothing else: `back` is in an address that anybody can make up. */
const localPath = (back: string | null): string => (back && /^\/(?![/\\])/.test(back) ? back : '/');

function ServerAway({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <main className="alone">
      <h1>Packwalk</h1>
      <ProblemNote problem={problemOf(error)} onRetry={retry} />
    </main>
  );
}
