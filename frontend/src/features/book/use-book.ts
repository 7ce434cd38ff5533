import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { serverNow } from '../../api/clock';
import { problemOf, type Problem } from '../../api/problem';
import { preview } from '../../api/series';
import { fieldErrors } from '../../ui/field-errors';
import { localDate } from '../../words/dates';

import type { Choices } from './choices';
import { missingIn, seriesRequestOf, type Draft } from './draft';
import { operationOf, type Order } from './order';
import { planOf, refreshPlan } from './plan';
import { isInDoubt, takenMeanwhile, unanswered, type Submission } from './submission';
import type { SubmissionStore } from './submission-store';
import { useDraft } from './use-draft';
import { useLostChoices } from './use-lost-choices';
import type { BookingOptions } from './use-booking-options';
import { usePreview } from './use-preview';
import { useRefusal, useSubmission } from './use-submission';

/** What the form shows: the draft, and what the server says of it now. */
function useFormState(options: BookingOptions, state: Submission) {
  const today = localDate(serverNow(), options.organization.time_zone);
  const own = useDraft(options.account.id, today, options);
  // What is on its way is what is on the screen, whatever tab it was filled in.
  const draft = unanswered(state)?.draft ?? own.draft;
  // Of what may be booked already a preview would say that it is taken.
  const request = isInDoubt(state) || state.at === 'booked' ? null : seriesRequestOf(draft);
  const asked = usePreview(request);
  const shown = request && asked.data && !asked.error ? asked.data : null;
  const { lost, forget } = useLostChoices(shown && !asked.isOutdated ? shown.occurrences : null, own);
  const newlyTaken = new Set([...takenMeanwhile(state), ...lost.map(({ date }) => date)]);
  const price = options.services.find(({ id }) => id === draft.serviceId)?.price_cents ?? 0;
  const plan = shown && planOf(shown.occurrences, draft.choices, price, newlyTaken);
  return { own, today, draft, request, asked, shown, plan, newlyTaken, lost, forget };
}

type FormState = ReturnType<typeof useFormState>;

/** What the screen offers to book; null while it is being asked for. */
function orderOf({ request, shown, plan, asked, draft }: FormState, zone: string): Order | null {
  if (!request || !shown || !plan?.made || asked.isOutdated) return null;
  return { ...operationOf(request, shown.walker_id, plan, zone), walks: plan.made, draft };
}

/** Put what a refusal says in the place of what was shown. */
function showRefusal(
  problem: Problem,
  sentDraft: Draft,
  { own, plan, shown, asked }: FormState,
  queries: QueryClient,
): void {
  const { occurrences } = problem.body;
  if (occurrences && plan && shown && asked.settled) {
    const fresh = refreshPlan(plan, occurrences);
    queries.setQueryData(preview(asked.settled).queryKey, { ...shown, occurrences: fresh.occurrences });
    own.replace({ ...sentDraft, choices: fresh.choices });
  } else {
    // What was shown before the doubt is no longer true; where only the server is away, it still is.
    if (occurrences) queries.removeQueries({ queryKey: ['series', 'preview'] });
    if (!plan) own.replace(sentDraft);
  }
  // It may be the catalogue of this page that is too old.
  if (problem.body.fields)
    for (const list of ['services', 'walkers', 'dogs', 'locations'])
      void queries.invalidateQueries({ queryKey: [list] });
}

/** What a refusal says of the form's fields: the first day of the form is the `date` of a single walk. */
function errorsOf(problem: Problem | null): Record<string, string> {
  const { date, ...errors } = fieldErrors(problem);
  return date ? { ...errors, starts_on: date } : errors;
}

/** The whole of booking but its looks. goToMistake: called when something has to be filled in differently. */
export function useBook(options: BookingOptions, goToMistake: (said: Problem | string) => void) {
  const queries = useQueryClient();
  const { state, store } = useSubmission(options.account.id);
  const formState = useFormState(options, state);
  const { draft, asked } = formState;
  const [pressed, setPressed] = useState(false);
  const order = JSON.stringify(orderOf(formState, options.organization.time_zone));
  useEffect(
    () => store.dispatch({ type: 'checked', order: JSON.parse(order) as Order | null }),
    [store, order, state.at],
  );
  useRefusal(store, ({ problem, sent }) => {
    showRefusal(problem, sent.draft, formState, queries);
    if (problem.body.fields?.length) goToMistake(problem);
  });

  function press() {
    setPressed(true);
    const [missing] = Object.values(missingIn(draft));
    if (missing) goToMistake(missing);
    else if (state.at !== 'refused' && asked.error) {
      goToMistake(problemOf(asked.error));
      // After that: what is asked again loses what was said of its fields until the answer comes.
      requestAnimationFrame(() => void asked.refetch());
    } else store.press();
  }

  const problem = state.at === 'refused' ? state.problem : asked.error && problemOf(asked.error);
  const errors = { ...errorsOf(problem), ...(pressed ? missingIn(draft) : {}) };
  const retry = state.at === 'refused' ? store.press : () => void asked.refetch();
  const changing = changesOf(store, formState);
  const cancel = () => {
    changing.cancel();
    setPressed(false);
  };
  return { ...formState, ...changing, cancel, state, store, press, retry, problem, errors };
}

/** What the customer changes, which ends what was said of the submission before. */
function changesOf(store: SubmissionStore, { own, forget }: FormState) {
  return {
    change: (part: Partial<Draft>) => {
      store.dispatch({ type: 'changed' });
      forget();
      own.change(part);
    },
    choose: (choices: Choices) => {
      store.dispatch({ type: 'chosen' });
      own.change({ choices });
    },
    cancel: () => {
      store.cancel();
      forget();
      own.clear();
    },
  };
}
