import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';

import { upcoming } from '../../api/bookings';
import { serverNow } from '../../api/clock';
import { problemOf } from '../../api/problem';
import { seriesList } from '../../api/series';
import { organization, session } from '../../api/session';
import type { Account, Organization } from '../../api/types';
import { Button } from '../../ui/button';
import { Loading } from '../../ui/loading';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';
import { ZoneNote } from '../../ui/zone-note';
import { localDate } from '../../words/dates';

import { FirstSteps } from './first-steps';
import { NextWalk } from './next-walk';
import { SeriesGroups } from './series-groups';
import { withSingleWalks } from './single-walks';
import { WeekOfWalks } from './week';
import { byWeek } from './weeks';
import './bookings.css';

/** What is booked: the customer's own walks, a walker's calendar as a list, or everything for the office. */
export default function BookingsPage() {
  const { data: us, error, refetch } = useQuery(organization);
  const { data: who } = useQuery(session);
  const title = who?.account.role === 'customer' ? 'My bookings' : 'Bookings';
  return (
    <Page title={title}>
      {us && who && <Bookings us={us} account={who.account} />}
      {!us && error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!us && !error && <ListSkeleton />}
    </Page>
  );
}

function Bookings({ us, account }: { us: Organization; account: Account }) {
  const zone = us.time_zone;
  const today = localDate(serverNow(), zone);
  const list = useInfiniteQuery(upcoming(today));
  const isCustomer = account.role === 'customer';
  const series = useQuery({ ...seriesList, enabled: isCustomer });
  if (list.error && !list.data)
    return <ProblemNote problem={problemOf(list.error)} onRetry={() => void list.refetch()} />;
  if (!list.data) return <ListSkeleton />;
  const bookings = withSingleWalks(
    list.data.pages.flatMap((page) => page.items),
    series.data?.items ?? [],
  );
  const next = bookings.find((booking) => new Date(booking.scheduled_end) > serverNow());
  return (
    <div className="stack">
      <ZoneNote zone={zone} />
      {account.role === 'admin' && <FirstSteps us={us} />}
      {next ? (
        <NextWalk booking={next} zone={zone} today={today} account={account} />
      ) : (
        <Nothing isCustomer={isCustomer} />
      )}
      {isCustomer && <SeriesGroups us={us} />}
      {byWeek(bookings, zone).map((week) => (
        <WeekOfWalks key={week.monday} week={week} today={today} us={us} account={account} />
      ))}
      {list.hasNextPage && (
        <Button onPress={() => void list.fetchNextPage()} isPending={list.isFetchingNextPage}>
          Show later walks
        </Button>
      )}
    </div>
  );
}

function Nothing({ isCustomer }: { isCustomer: boolean }) {
  return (
    <section className="box">
      <h2>No walks yet</h2>
      {isCustomer ? (
        <p>
          <Link to="/book">Book the first one</Link>, or a whole year of them in one go.
        </p>
      ) : (
        <p>As soon as a customer books, the walk stands here.</p>
      )}
    </section>
  );
}

function ListSkeleton() {
  return (
    <Loading words="Loading the bookings">
      <div className="skeleton skeleton-next" />
      <div className="skeleton skeleton-box" />
    </Loading>
  );
}
