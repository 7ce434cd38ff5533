import { problemOf } from '../../api/problem';
import { Loading } from '../../ui/loading';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';

import { BookForm } from './book-form';
import { useOffered } from './use-offered';
import './book.css';

/** The customer's home: one form. What it books is shown at an address of its own. */
export function BookPage() {
  const { offered, error, retry } = useOffered();
  return (
    <Page title="Book walks">
      {offered && <BookForm offered={offered} />}
      {!offered && error && <ProblemNote problem={problemOf(error)} onRetry={retry} />}
      {!offered && !error && <FormSkeleton />}
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
