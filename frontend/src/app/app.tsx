import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';

import { BookPage } from '../features/book/book-page';
import { BookingReceiptPage } from '../features/book/booking-receipt-page';
import { SeriesReceiptPage } from '../features/book/series-receipt-page';
import { Toaster } from '../ui/toasts/toaster';

import { NotFoundPage } from './not-found-page';
import { PageSkeleton } from './page-skeleton';
import { queryClient } from './query-client';
import { RedirectHome, RequireCustomer, RequireSignedIn, RequireSignedOut, RequireStaff } from './route-guards';
import { Shell } from './shell';

const SignInPage = lazy(() => import('../features/sign-in/sign-in-page'));
const RegisterPage = lazy(() => import('../features/sign-in/register-page'));
const StartBusinessPage = lazy(() => import('../features/sign-in/start-business-page'));
const CalendarPage = lazy(() => import('../features/calendar/calendar-page'));
const BookingsPage = lazy(() => import('../features/bookings/bookings-page'));

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <Suspense fallback={<PageSkeleton />}>
          <Routes>
            <Route element={<RequireSignedOut />}>
              <Route path="sign-in" element={<SignInPage />} />
              <Route path="register" element={<RegisterPage />} />
              <Route path="start" element={<StartBusinessPage />} />
            </Route>
            <Route element={<RequireSignedIn />}>
              <Route element={<Shell />}>
                <Route index element={<RedirectHome />} />
                <Route element={<RequireCustomer />}>
                  <Route path="book" element={<BookPage />} />
                  <Route path="series/:seriesId" element={<SeriesReceiptPage />} />
                  <Route path="bookings/:bookingId" element={<BookingReceiptPage />} />
                </Route>
                <Route element={<RequireStaff />}>
                  <Route path="calendar" element={<CalendarPage />} />
                </Route>
                <Route path="bookings" element={<BookingsPage />} />
                <Route path="*" element={<NotFoundPage />} />
              </Route>
            </Route>
          </Routes>
        </Suspense>
      </BrowserRouter>
      <Toaster />
    </QueryClientProvider>
  );
}
