import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { problemOf } from '../../api/problem';
import { preview } from '../../api/series';
import { fieldErrors } from '../../ui/field-errors';
import { notifyDone, notifyProblem } from '../../ui/toasts/notify';
import { localDate } from '../../words/dates';

import { missingIn, wishOf, type Draft } from './draft';
import { noChoices } from './choices';
import { planOf, refresh, requestOf } from './plan';
import { useDraft } from './use-draft';
import type { Everything } from './use-offered';
import { usePreview } from './use-preview';
import { useSubmission, type Made } from './use-submission';

/** What was read of bookings before is no longer true. */
function forgetLists(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ['bookings'] });
  void queries.invalidateQueries({ queryKey: ['series'] });
}

const nothing: ReadonlySet<string> = new Set();

/** What the form shows: the draft, what the server says of it now, and what the customer chose of that. */
function useQuestion(offered: Everything) {
  const today = localDate(new Date(), offered.organization.time_zone);
  const { draft, change, clear } = useDraft(offered.account.id, today, offered);
  const [choices, setChoices] = useState(noChoices);
  const [news, setNews] = useState(nothing);
  const wish = wishOf(draft);
  const asked = usePreview(wish);
  const service = offered.services.find(({ id }) => id === draft.serviceId);
  const shown = wish && asked.data && !asked.error ? asked.data : null;
  const plan = shown && planOf(shown.occurrences, choices, service?.price_cents ?? 0, news);
  return { today, draft, change, clear, choices, setChoices, news, setNews, wish, asked, shown, plan };
}

/** Sending what the plan says, and taking in the answer. */
function useAnswer(question: ReturnType<typeof useQuestion>, onMade: (made: Made) => void) {
  const queries = useQueryClient();
  const { asked, shown, plan } = question;
  return useSubmission({
    made: (made) => {
      question.clear();
      forgetLists(queries);
      onMade(made);
    },
    refused: ({ body: { occurrences } }) => {
      if (!plan || !shown || !asked.settled || !occurrences) return;
      const fresh = refresh(plan, occurrences);
      queries.setQueryData(preview(asked.settled).queryKey, { ...shown, occurrences: fresh.occurrences });
      question.setChoices(fresh.choices);
      question.setNews(fresh.news);
    },
  });
}

/** The whole of booking a series but its looks. `onMissing` is called when something has to be filled in first. */
export function useBook(offered: Everything, onMade: (made: Made) => void, onMissing: (words: string) => void) {
  const question = useQuestion(offered);
  const { draft, wish, asked, shown, plan } = question;
  const [pressed, setPressed] = useState(false);
  const submission = useAnswer(question, onMade);

  function press() {
    setPressed(true);
    const [missing] = Object.values(missingIn(draft));
    if (missing) onMissing(missing);
    else if (asked.error) notifyProblem(asked.error, () => void asked.refetch());
    else if (wish && shown && plan?.made) submission.send(requestOf(wish, shown.walker_id, plan));
  }

  function change(part: Partial<Draft>) {
    question.setNews(nothing);
    submission.reset();
    question.change(part);
  }

  function cancel() {
    question.clear();
    question.setChoices(noChoices);
    setPressed(false);
    submission.reset();
    notifyDone('Nothing was booked. The form starts afresh.');
  }

  const problem = submission.problem ?? (asked.error && problemOf(asked.error));
  const errors = { ...fieldErrors(problem), ...(pressed ? missingIn(draft) : {}) };
  const retry = submission.problem ? submission.again : () => void asked.refetch();
  return { ...question, change, press, cancel, retry, problem, errors, isPending: submission.isPending };
}
