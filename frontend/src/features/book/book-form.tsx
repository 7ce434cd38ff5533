import { useRef } from 'react';

import { ProblemNote } from '../../ui/problem-note';
import { notifyMistake } from '../../ui/toasts/notify';

import { PreviewPanel } from './preview-panel';
import { SubmitBar } from './submit-bar';
import { useBook } from './use-book';
import type { Everything } from './use-offered';
import type { Made } from './use-submission';
import { WhatFields } from './what-fields';
import { WhenFields } from './when-fields';

interface Props {
  offered: Everything;
  onMade: (made: Made) => void;
}

export function BookForm({ offered, onMade }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const goToMistake = (words: string) => {
    notifyMistake(words);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const book = useBook(offered, onMade, goToMistake);
  const { draft, asked, errors, problem } = book;
  return (
    <form
      ref={form}
      className="stack book"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        book.press();
      }}
    >
      <div className="stack book-form">
        <WhatFields draft={draft} offered={offered} errors={errors} change={book.change} />
        <WhenFields
          draft={draft}
          today={book.today}
          zone={offered.organization.time_zone}
          errors={errors}
          change={book.change}
        />
      </div>
      <div className="stack book-result">
        {problem && !problem.body.occurrences && <ProblemNote problem={problem} onRetry={book.retry} />}
        {book.wish && !asked.error && (
          <PreviewPanel
            preview={book.shown}
            plan={book.plan}
            isOutdated={asked.isOutdated}
            offered={offered}
            draft={draft}
            news={book.news}
            choices={book.choices}
            change={book.setChoices}
          />
        )}
        <SubmitBar
          plan={book.plan}
          isChecking={book.wish !== null && asked.isOutdated}
          isPending={book.isPending}
          onCancel={book.cancel}
        />
      </div>
    </form>
  );
}
