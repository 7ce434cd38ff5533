import { useState } from 'react';

import { problemOf } from '../../api/problem';
import { Loading } from '../../ui/loading';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';

import { BookForm } from './book-form';
import { Receipt } from './receipt';
import type { Made } from './use-submission';
import { useOffered } from './use-offered';
import './book.css';

/** The customer's home: one form, and after it the receipt. */
export function BookPage() {
  const { offered, error, retry } = useOffered();
  const [created, setCreated] = useState<Made | null>(null);
  if (created && offered) return <Receipt {...created} offered={offered} again={() => setCreated(null)} />;
  return (
    <Page title="Book walks">
      {offered && <BookForm offered={offered} onMade={setCreated} />}
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
