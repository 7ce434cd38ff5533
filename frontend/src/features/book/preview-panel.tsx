import type { SeriesPreview } from '../../api/types';
import { Stop } from '../../ui/icons';
import { counted } from '../../words/count';
import { showPrice } from '../../words/money';

import type { Choices } from './choices';
import type { Draft } from './draft';
import { Occurrences } from './occurrences';
import type { Plan } from './plan';
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

/** What the rule would become: the sum, the year at a glance, and every date that needs a look. */
export function PreviewPanel({ preview, plan, isOutdated, offered, draft, news, choices, change }: Props) {
  if (!preview || !plan) return <div className="skeleton skeleton-preview" aria-hidden="true" />;
  const zone = offered.organization.time_zone;
  return (
    <section className="box stack" aria-labelledby="sum" aria-busy={isOutdated} data-outdated={isOutdated || undefined}>
      <div>
        <h2 id="sum" className="sum" aria-live="polite">
          {plan.skipped + plan.leftOut
            ? `${plan.made} of ${counted(plan.lines.length, 'walk')} are free`
            : allFree(plan.made)}
          {' · '}
          {showPrice(plan.price_cents, offered.organization.currency)}
        </h2>
        {!draft.walkerId && <Picked preview={preview} />}
      </div>
      {news.size > 0 && (
        <div className="note note-red" role="status">
          <Stop />
          <div className="note-text">
            <strong>{counted(news.size, 'date has', 'dates have')} been taken since you looked</strong>
            <p>Nothing has been booked. They are marked as new below; look at them and book again.</p>
          </div>
        </div>
      )}
      <Occurrences plan={plan} zone={zone} walkerId={preview.walker_id} choices={choices} change={change} />
    </section>
  );
}

const allFree = (count: number): string => (count === 1 ? 'The walk is free' : `All ${count} walks are free`);

/** Who of the walkers was picked, and why. */
function Picked({ preview }: { preview: SeriesPreview }) {
  const walkers = preview.walkers ?? [];
  const picked = walkers.find(({ walker_id }) => walker_id === preview.walker_id);
  if (!picked) return null;
  const others = walkers.filter((walker) => walker !== picked).slice(0, 3);
  const total = preview.occurrences.length;
  const isAhead = others.every((other) => other.available_count < picked.available_count);
  return (
    <p className="quiet sum-why">
      <strong>{picked.name}</strong> {isAhead && others.length ? 'has the most free dates:' : 'is free on'}{' '}
      {picked.available_count} of {total}
      {others.length > 0 && ` (${others.map((other) => `${other.name} ${other.available_count}`).join(', ')})`}.
    </p>
  );
}
