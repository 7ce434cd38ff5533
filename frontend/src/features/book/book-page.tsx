import { problemOf } from '../../api/problem';
import { Loading } from '../../ui/loading';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';

import { BookForm } from './book-form';
import { useBookingOptions } from './use-booking-options';
import './book.css';

/** The customer's home: one form. What it books is shown at an address of its own. */
export function BookPage() {
  const { options, error, retry } = useBookingOptions();
  return (
    <Page title="Book walks">
      {options && <BookForm options={options} />}
      {!options && error && <ProblemNote problem={problemOf(error)} onRetry={retry} />}
      {!options && !error && <FormSkeleton />}
    </Page>
  );
}

function FormSkeleton() {
  return (
    <Loading words="Loading the form" isBox>
      <div className="skeleton skeleton-line" />
      <div className="skeleton skeleton-cards" />
      <div className="skeleton skeleton-line" />
      <div className="skeleton skeleton-cards" />
    </Loading>
  );
}
