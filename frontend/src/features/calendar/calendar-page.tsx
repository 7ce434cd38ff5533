import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';

import { calendar } from '../../api/calendar';
import { walkers } from '../../api/catalogue';
import { serverNow } from '../../api/clock';
import { problemOf } from '../../api/problem';
import { organization, session } from '../../api/session';
import type { Account, Walker } from '../../api/types';
import { Button } from '../../ui/button';
import { SelectField } from '../../ui/field';
import { Loading } from '../../ui/loading';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';
import { ZoneNote } from '../../ui/zone-note';
import { addDays, localDate, showDate, weekOf } from '../../words/dates';

import { Day } from './day';
import { byDay, hasGoogleTravelTimes } from './days';
import './calendar.css';

/** A walker's week: what is taken, and how they get from one visit to the next. The office chooses whose. */
export default function CalendarPage() {
  const { data: us, error, refetch } = useQuery(organization);
  const { data: who } = useQuery(session);
  return (
    <Page title="Calendar">
      {us && who && <Week zone={us.time_zone} account={who.account} />}
      {!us && error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!us && !error && <Skeleton />}
    </Page>
  );
}

function Week({ zone, account }: { zone: string; account: Account }) {
  const today = localDate(serverNow(), zone);
  const [monday, setMonday] = useState(weekOf(today));
  const everybody = useQuery({ ...walkers, enabled: account.role === 'admin' });
  const [chosen, setChosen] = useState('');
  const walkerId = account.role === 'walker' ? account.id : chosen || (everybody.data?.[0]?.id ?? '');
  if (everybody.error && !everybody.data)
    return <ProblemNote problem={problemOf(everybody.error)} onRetry={() => void everybody.refetch()} />;
  if (account.role === 'admin' && everybody.data?.length === 0) return <NoWalkers />;
  return (
    <div className="stack">
      <ZoneNote zone={zone} />
      <div className="calendar-head">
        {everybody.data && <WalkerSelect walkers={everybody.data} chosen={walkerId} choose={setChosen} />}
        <Button onPress={() => setMonday(addDays(monday, -7))}>Week before</Button>
        <Button onPress={() => setMonday(weekOf(today))} isDisabled={monday === weekOf(today)}>
          This week
        </Button>
        <Button onPress={() => setMonday(addDays(monday, 7))}>Week after</Button>
      </div>
      <h2 className="list-head" aria-live="polite">
        {showDate(monday)} – {showDate(addDays(monday, 6))}
      </h2>
      {walkerId ? <Days walkerId={walkerId} monday={monday} zone={zone} today={today} /> : <Skeleton />}
    </div>
  );
}

function WalkerSelect({
  walkers,
  chosen,
  choose,
}: {
  walkers: Walker[];
  chosen: string;
  choose: (id: string) => void;
}) {
  return (
    <SelectField label="Walker" value={chosen} onChange={choose}>
      {walkers.map((walker) => (
        <option key={walker.id} value={walker.id}>
          {walker.name}
        </option>
      ))}
    </SelectField>
  );
}

function Days({ walkerId, monday, zone, today }: { walkerId: string; monday: string; zone: string; today: string }) {
  const { data, error, refetch } = useQuery(calendar(walkerId, monday, addDays(monday, 6)));
  if (error && !data) return <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  const days = byDay(data.blocks, zone);
  if (!days.length)
    return (
      <section className="box">
        <p>Nothing is booked this week. As soon as a customer books, the walk stands here.</p>
      </section>
    );
  return (
    <>
      {days.map(({ date, blocks }) => (
        <Day key={date} date={date} blocks={blocks} zone={zone} today={today} />
      ))}
      {hasGoogleTravelTimes(data.blocks) && (
        <p className="quiet">Travel times: Powered by Google, ©{new Date().getFullYear()} Google</p>
      )}
    </>
  );
}

function NoWalkers() {
  return (
    <section className="box">
      <p>
        There are no walkers yet. As soon as there is one, their week stands here. <Link to="/bookings">Bookings</Link>{' '}
        says what is still to be done.
      </p>
    </section>
  );
}

function Skeleton() {
  return (
    <Loading words="Loading the calendar">
      <div className="skeleton skeleton-box" />
    </Loading>
  );
}
