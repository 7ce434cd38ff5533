import { memo, useMemo, useState } from 'react';

import type { SeriesPreview } from '../../api/types';

import type { Choices } from './choices';
import { ChoicesProvider, useChoicesValue } from './choices-context';
import type { Draft } from './draft';
import { byMonth } from './months';
import { UnresolvedDates } from './unresolved-dates';
import { Occurrences } from './occurrences';
import { sameLine, type Plan } from './plan';
import { PickedWalker, PlanSummary } from './plan-summary';
import type { BookingOptions } from './use-booking-options';

interface Props {
  preview: SeriesPreview | null;
  plan: Plan | null;
  isOutdated: boolean;
  options: BookingOptions;
  draft: Draft;
  /** What is being sent does not change. */
  isLocked: boolean;
  choices: Choices;
  change: (choices: Choices) => void;
}

/** What the rule would become: the sum, what needs a decision, the year at a glance, and every date. */
export function PreviewPanel(props: Props) {
  const { preview, plan } = props;
  if (!preview || !plan) return <div className="skeleton skeleton-preview" aria-hidden="true" />;
  return <PlanDetails {...props} preview={preview} plan={plan} />;
}

const [PlanSummaryDrawn, UnresolvedDatesDrawn, OccurrencesDrawn] = [
  memo(PlanSummary),
  memo(UnresolvedDates),
  memo(Occurrences),
];

type PlanDetailsProps = Props & { preview: SeriesPreview; plan: Plan };

/** The plan by value: the same one for as long as it says the same, so that nothing below is drawn again for a key that was typed. */
function useSamePlan(plan: Plan, isOutdated: boolean): Plan {
  const [shown, setShown] = useState(plan);
  const isOther =
    plan.lines.length !== shown.lines.length || !plan.lines.every((line, n) => sameLine(line, shown.lines[n]));
  // The price that is on the form may be that of the next answer already.
  if (isOther || (!isOutdated && plan.price_cents !== shown.price_cents)) {
    setShown(plan);
    return plan;
  }
  return shown;
}

function PlanDetails({
  preview,
  plan: latest,
  isOutdated,
  options,
  draft,
  isLocked,
  choices,
  change,
}: PlanDetailsProps) {
  const context = useChoicesValue(options, preview.walker_id, choices, change);
  const plan = useSamePlan(latest, isOutdated);
  const months = useMemo(() => byMonth(plan.lines), [plan.lines]);
  const price = plan.made ? plan.price_cents / plan.made : 0;
  const sums = { plan, months, pricePerWalk: price, currency: options.organization.currency };
  return (
    <ChoicesProvider value={context}>
      <section
        className="box stack result"
        aria-labelledby="sum"
        aria-busy={isOutdated}
        inert={isLocked}
        data-outdated={isOutdated || undefined}
      >
        <div className="sum-head">
          <PlanSummaryDrawn {...sums} />
          {!draft.walkerId && <PickedWalker preview={preview} />}
        </div>
        <UnresolvedDatesDrawn key={preview.walker_id + draft.startTime} plan={plan} />
        <OccurrencesDrawn {...sums} />
      </section>
    </ChoicesProvider>
  );
}
