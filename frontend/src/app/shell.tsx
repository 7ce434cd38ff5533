import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { I18nProvider } from 'react-aria-components';
import { NavLink, Outlet } from 'react-router';

import { organization, session, signOut } from '../api/session';
import { Bell } from '../features/notifications/bell';
import { Button } from '../ui/button';
import { CalendarIcon, List, Paw } from '../ui/icons';
import { notifyProblem } from '../ui/toasts/notify';
import { localeOf } from '../words/locale';

import { keepFocus } from './keep-focus';
import { ContentSkeleton } from './page-skeleton';
import './shell.css';

const watched = (main: HTMLElement | null) => (main ? keepFocus(main) : undefined);

/** What is around every page: whose business this is, where to go, who is signed in. */
export function Shell() {
  const { data: us } = useQuery(organization);
  const { data: who } = useQuery(session);
  const isCustomer = who?.account.role === 'customer';
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
          <Paw /> <span className="shell-business">{us?.name ?? 'Packwalk'}</span>
        </span>
        <nav aria-label="Main">
          {isCustomer ? (
            <NavLink to="/book">
              <Paw /> Book
            </NavLink>
          ) : (
            <NavLink to="/calendar">
              <CalendarIcon /> Calendar
            </NavLink>
          )}
          <NavLink to="/bookings">
            <List /> {isCustomer ? 'My bookings' : 'Bookings'}
          </NavLink>
        </nav>
        <span className="shell-who">
          {us && <Bell zone={us.time_zone} />}
          <span className="shell-account">{who?.account.name}</span>
          <Button kind="quiet" onPress={leave}>
            Sign out
          </Button>
        </span>
      </header>
      <main id="content" tabIndex={-1} ref={watched}>
        <Suspense fallback={<ContentSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
    </I18nProvider>
  );
}
