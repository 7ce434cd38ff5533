import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { I18nProvider } from 'react-aria-components';
import { NavLink, Outlet } from 'react-router';

import { organization, session, signOut } from '../api/session';
import type { Organization } from '../api/types';
import { Bell } from '../features/notifications/bell';
import { Button } from '../ui/button';
import { Paw } from '../ui/icons';
import { notifyProblem } from '../ui/toasts/notify';
import { localeOf } from '../words/locale';

import { Waiting } from './waiting';
import './shell.css';

/** What is around every page: whose business this is, where to go, who is signed in. */
export function Shell() {
  const us: Organization | undefined = useQuery(organization).data;
  const { data: who } = useQuery(session);
  const queries = useQueryClient();
  const leave = () => {
    signOut(queries).catch((error: unknown) => notifyProblem(error, leave));
  };
  return (
    <I18nProvider locale={localeOf(us?.country)}>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="shell">
        <span className="shell-name">
          <Paw /> {us?.name ?? 'Packwalk'}
        </span>
        <nav aria-label="Main">
          {who?.account.role === 'customer' && <NavLink to="/book">Book</NavLink>}
          {who && who.account.role !== 'customer' && <NavLink to="/calendar">Calendar</NavLink>}
          <NavLink to="/bookings">{who?.account.role === 'customer' ? 'My bookings' : 'Bookings'}</NavLink>
        </nav>
        <span className="shell-who">
          {us && <Bell zone={us.time_zone} />}
          <span className="shell-account">{who?.account.name}</span>
          <Button kind="quiet" onPress={leave}>
            Sign out
          </Button>
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
    </I18nProvider>
  );
}
