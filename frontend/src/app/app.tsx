import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';

import { BookPage } from '../features/book/book-page';
import { BookingReceiptPage } from '../features/book/booking-receipt-page';
import { SeriesReceiptPage } from '../features/book/series-receipt-page';
import { Toaster } from '../ui/toasts/toaster';

import { Home, Only, SignedIn, SignedOut } from './gates';
import { Missing } from './missing';
import { queries } from './queries';
import { Shell } from './shell';
import { Waiting } from './waiting';

const SignInPage = lazy(() => import('../features/sign-in/sign-in-page'));
const RegisterPage = lazy(() => import('../features/sign-in/register-page'));
const StartPage = lazy(() => import('../features/sign-in/start-page'));
const CalendarPage = lazy(() => import('../features/calendar/calendar-page'));
const BookingsPage = lazy(() => import('../features/bookings/bookings-page'));

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <Suspense fallback={<Waiting />}>
          <Routes>
            <Route element={<SignedOut />}>
              <Route path="sign-in" element={<SignInPage />} />
              <Route path="register" element={<RegisterPage />} />
              <Route path="start" element={<StartPage />} />
            </Route>
            <Route element={<SignedIn />}>
              <Route element={<Shell />}>
                <Route index element={<Home />} />
                <Route element={<Only customers />}>
                  <Route path="book" element={<BookPage />} />
                  <Route path="series/:seriesId" element={<SeriesReceiptPage />} />
                  <Route path="bookings/:bookingId" element={<BookingReceiptPage />} />
                </Route>
                <Route element={<Only customers={false} />}>
                  <Route path="calendar" element={<CalendarPage />} />
                </Route>
                <Route path="bookings" element={<BookingsPage />} />
                <Route path="*" element={<Missing />} />
              </Route>
            </Route>
          </Routes>
        </Suspense>
      </BrowserRouter>
      <Toaster />
    </QueryClientProvider>
  );
}
