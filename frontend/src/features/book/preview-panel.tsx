import { memo, useMemo, useState } from 'react';

import type { SeriesPreview } from '../../api/types';

import type { Choices } from './choices';
import { DecidingProvider, useMakeDeciding } from './deciding';
import type { Draft } from './draft';
import { byMonth } from './months';
import { NeedsYou } from './needs-you';
import { Occurrences } from './occurrences';
import { sameLine, type Plan } from './plan';
import { Picked, Sum } from './sum';
import type { Everything } from './use-offered';

interface Props {
  preview: SeriesPreview | null;
  plan: Plan | null;
  isOutdated: boolean;
  offered: Everything;
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
  return <Result {...props} preview={preview} plan={plan} />;
}

const [SumDrawn, NeedsYouDrawn, OccurrencesDrawn] = [memo(Sum), memo(NeedsYou), memo(Occurrences)];

type ResultProps = Props & { preview: SeriesPreview; plan: Plan };

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

function Result({ preview, plan: latest, isOutdated, offered, draft, isLocked, choices, change }: ResultProps) {
  const deciding = useMakeDeciding(offered, preview.walker_id, choices, change);
  const plan = useSamePlan(latest, isOutdated);
  const months = useMemo(() => byMonth(plan.lines), [plan.lines]);
  const price = plan.made ? plan.price_cents / plan.made : 0;
  const sums = { plan, months, pricePerWalk: price, currency: offered.organization.currency };
  return (
    <DecidingProvider value={deciding}>
      <section
        className="box stack result"
        aria-labelledby="sum"
        aria-busy={isOutdated}
        inert={isLocked}
        data-outdated={isOutdated || undefined}
      >
        <div className="sum-head">
          <SumDrawn {...sums} />
          {!draft.walkerId && <Picked preview={preview} />}
        </div>
        <NeedsYouDrawn key={preview.walker_id + draft.startTime} plan={plan} />
        <OccurrencesDrawn {...sums} />
      </section>
    </DecidingProvider>
  );
}
