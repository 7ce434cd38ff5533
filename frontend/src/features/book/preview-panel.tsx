import { useMemo } from 'react';

import type { SeriesPreview } from '../../api/types';
import { Stop } from '../../ui/icons';
import { counted } from '../../words/count';

import type { Choices } from './choices';
import { DecidingProvider, useMakeDeciding } from './deciding';
import type { Draft } from './draft';
import { byMonth } from './months';
import { NeedsYou } from './needs-you';
import { Occurrences } from './occurrences';
import type { Plan } from './plan';
import { Picked, Sum } from './sum';
import type { Everything } from './use-offered';

interface Props {
  preview: SeriesPreview | null;
  plan: Plan | null;
  isOutdated: boolean;
  offered: Everything;
  draft: Draft;
  news: ReadonlySet<string>;
  choices: Choices;
  change: (choices: Choices) => void;
}

/** What the rule would become: the sum, what needs a decision, the year at a glance, and every date. */
export function PreviewPanel(props: Props) {
  const { preview, plan } = props;
  if (!preview || !plan) return <div className="skeleton skeleton-preview" aria-hidden="true" />;
  return <Result {...props} preview={preview} plan={plan} />;
}

/** The heading of dates that were taken while the customer looked; it takes the focus when a submission meets them. */
export const newsHeadingId = 'taken-meanwhile';

type ResultProps = Props & { preview: SeriesPreview; plan: Plan };

function Result({ preview, plan, isOutdated, offered, draft, news, choices, change }: ResultProps) {
  const deciding = useMakeDeciding(offered, preview.walker_id, choices, change);
  const months = useMemo(() => byMonth(plan.lines), [plan.lines]);
  const price = plan.made ? plan.price_cents / plan.made : 0;
  const sums = { plan, months, pricePerWalk: price, currency: offered.organization.currency };
  return (
    <DecidingProvider value={deciding}>
      <section
        className="box stack result"
        aria-labelledby="sum"
        aria-busy={isOutdated}
        data-outdated={isOutdated || undefined}
      >
        {news.size > 0 && <News count={news.size} />}
        <div>
          <Sum {...sums} />
          {!draft.walkerId && <Picked preview={preview} />}
        </div>
        <NeedsYou key={preview.walker_id + draft.startTime} plan={plan} />
        <Occurrences {...sums} />
      </section>
    </DecidingProvider>
  );
}

function News({ count }: { count: number }) {
  return (
    <div className="note note-red">
      <Stop />
      <div className="note-text">
        <h3 id={newsHeadingId} tabIndex={-1}>
          {counted(count, 'date was', 'dates were')} taken while you looked
        </h3>
        <p>Nothing has been booked. They are marked as new below.</p>
      </div>
    </div>
  );
}
