import { useLayoutEffect, useRef } from 'react';
import { useNavigate } from 'react-router';

import type { Problem } from '../../api/problem';
import { focusFirstError } from '../../ui/field-errors';
import { ProblemNote } from '../../ui/problem-note';
import { notifyMistake, notifyProblem, useIsSaid } from '../../ui/toasts/notify';

import { DoubtNote, DraftChangesNote, StillMissing } from './notes';
import { PreviewPanel } from './preview-panel';
import { isDateConflict, isInDoubt, unanswered } from './submission';
import { toastName } from './submission-store';
import { SubmitBar } from './submit-bar';
import { TakenMeanwhile } from './taken-meanwhile';
import { useBook } from './use-book';
import type { BookingOptions } from './use-booking-options';
import { WhatFields } from './what-fields';
import { WhenFields } from './when-fields';

export function BookForm({ options }: { options: BookingOptions }) {
  const form = useRef<HTMLFormElement>(null);
  const book = useBook(options, (said) => requestAnimationFrame(() => sayMistake(form.current, said)));
  const { draft, errors, state } = book;
  useReceipt(book);
  const isLocked = unanswered(state) !== null;
  const cancel = () => {
    book.cancel();
    goToStart(form.current);
  };
  return (
    // Nothing is booked by Enter in a field: only the button that says in numbers what it does books.
    <form ref={form} className="stack book" noValidate onSubmit={(event) => event.preventDefault()}>
      <div className="stack book-form" inert={isLocked}>
        <DraftChangesNote changes={book.own.changes} lost={book.lost} zone={options.organization.time_zone} />
        <WhatFields draft={draft} options={options} errors={errors} change={book.change} />
        <WhenFields
          draft={draft}
          today={book.today}
          zone={options.organization.time_zone}
          errors={errors}
          change={book.change}
        />
      </div>
      <BookingResult book={book} options={options} cancel={cancel} isLocked={isLocked} />
    </form>
  );
}

interface ResultProps {
  book: ReturnType<typeof useBook>;
  options: BookingOptions;
  cancel: () => void;
  isLocked: boolean;
}

/** What would be made, or what became of it; and below it the button. */
function BookingResult({ book, options, cancel, isLocked }: ResultProps) {
  const { state, store, problem, asked, errors } = book;
  const isSaid = useIsSaid(toastName) && state.at === 'refused';
  const isAtItsField = problem?.body.fields?.length && Object.keys(errors).length;
  return (
    <div className="stack book-result">
      {problem && !problem.body.occurrences && !isAtItsField && !isSaid && (
        <ProblemNote problem={problem} onRetry={thenToBar(book.retry)} />
      )}
      {isInDoubt(state) && (
        <DoubtNote state={state} onAbandon={thenToBar(() => store.dispatch({ type: 'abandoned' }))} />
      )}
      {state.at === 'refused' && isDateConflict(state) && (
        <TakenMeanwhile key={state.sent.key} refused={state} plan={book.plan} onAccept={thenToBar(store.accept)} />
      )}
      <StillMissing draft={book.draft} />
      {book.request && !asked.error && (
        <PreviewPanel
          preview={book.shown}
          plan={book.plan}
          isOutdated={asked.isOutdated}
          options={options}
          draft={book.draft}
          isLocked={isLocked}
          choices={book.draft.choices}
          change={book.choose}
        />
      )}
      <SubmitBar
        state={state}
        plan={book.plan}
        isChecking={book.request !== null && asked.isOutdated}
        onBook={book.press}
        onAsk={() => store.ask('person')}
        onCancel={cancel}
      />
    </div>
  );
}

/** Once it is booked the receipt has an address of its own; Back leads to a fresh form. */
function useReceipt({ state }: ReturnType<typeof useBook>): void {
  const navigate = useNavigate();
  useLayoutEffect(() => {
    if (state.at !== 'booked') return;
    void navigate(state.made.receipt, { state: { didArrive: state.wasInDoubt } });
  }, [state, navigate]);
}

/** Bring what is wrong into view and focus it, at its field; what has no field on the screen is said in a toast. */
function sayMistake(form: HTMLFormElement | null, said: Problem | string): void {
  if (focusFirstError(form)) return;
  if (typeof said === 'string') notifyMistake(said);
  else notifyProblem(said);
}

/** A note's button goes with its note: the work goes on at the bar. */
const thenToBar = (act: () => void) => () => {
  act();
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.submit-bar button')?.focus());
};

function goToStart(form: HTMLFormElement | null): void {
  window.scrollTo({ top: 0 });
  form?.querySelector<HTMLElement>('input:checked')?.focus({ preventScroll: true });
}
