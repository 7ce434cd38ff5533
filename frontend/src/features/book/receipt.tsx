import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import { problemOf, type Problem } from '../../api/problem';
import { Tick } from '../../ui/icons';
import { Loading } from '../../ui/loading';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';
import { ZoneNote } from '../../ui/zone-note';

import './book.css';

interface Props {
  title: string;
  lead: string | undefined;
  zone: string;
  children: ReactNode;
}

/** What was booked, and where to go from there. */
export function Receipt({ title, lead, zone, children }: Props) {
  return (
    <Page title={title} lead={lead}>
      <div className="stack">
        <Arrived />
        <div className="row">
          <Link className="button button-primary" to="/bookings">
            See my bookings
          </Link>
          <Link className="button button-plain" to="/book">
            Book more walks
          </Link>
        </div>
        <ZoneNote zone={zone} />
        {children}
      </div>
    </Page>
  );
}

/** Said where the answer to the booking was lost at first; the address keeps it through a reload. */
function Arrived() {
  const { state } = useLocation() as { state: { didArrive?: boolean } | null };
  if (!state?.didArrive) return null;
  return (
    <div className="note" role="status">
      <Tick />
      <div className="note-text">
        <strong>Your booking did arrive</strong>
        <p>Only the answer was lost on its way. It was booked once.</p>
      </div>
    </div>
  );
}

interface ToComeProps {
  title: string;
  error: Error | null;
  onRetry: () => void;
}

/** Until it was read from the server, or where it cannot be. */
export function ReceiptToCome({ title, error, onRetry }: ToComeProps) {
  if (error && isNowhere(problemOf(error))) return <NoSuchWalks />;
  return (
    <Page title={title}>
      {error ? <ProblemNote problem={problemOf(error)} onRetry={onRetry} /> : <ReceiptSkeleton />}
    </Page>
  );
}

/** An address that was mistyped, or another customer's. */
const isNowhere = ({ body: { status } }: Problem): boolean => status === 404 || status === 422;

function NoSuchWalks() {
  return (
    <Page title="We cannot find these walks" lead="The address may be mistyped, or the walks are somebody else’s.">
      <Link className="button button-primary" to="/bookings">
        See my bookings
      </Link>
    </Page>
  );
}

function ReceiptSkeleton() {
  return (
    <Loading words="Loading what was booked" isBox>
      <div className="skeleton skeleton-line" />
      <div className="skeleton skeleton-cards" />
    </Loading>
  );
}
