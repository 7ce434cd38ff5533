import { useEffect, useState } from 'react';

import type { SeriesPreview } from '../../api/types';
import { showPrice } from '../../words/money';

import { monthlySum, type Month } from './months';
import type { Plan } from './plan';

/** "30 of 52 walks are free"; dates that were left out are no longer asked for. */
export function freeWords({ made, lines, leftOut }: Pick<Plan, 'made' | 'lines' | 'leftOut'>): string {
  const asked = lines.length - leftOut;
  if (!asked) return 'Every date is left out';
  if (asked === 1) return made ? '1 walk is free' : 'The walk is not free';
  if (made === asked) return `All ${made} walks are free`;
  return `${made} of ${asked} walks ${made === 1 ? 'is' : 'are'} free`;
}

interface Props {
  plan: Plan;
  months: readonly Month[];
  pricePerWalk: number;
  currency: string;
}

/** How many walks there would be, what they cost, and what a month costs. */
export function PlanSummary({ plan, months, pricePerWalk, currency }: Props) {
  const show = (cents: number) => showPrice(cents, currency);
  const words = `${freeWords(plan)} · ${show(plan.price_cents)}`;
  const monthly = monthlySum(months, pricePerWalk, show);
  return (
    <>
      <h2 id="sum" className="sum">
        {words}
      </h2>
      {monthly && <p className="sum-why">{monthly}</p>}
      <Announced words={words} />
    </>
  );
}

const rest_ms = 1_000;

/** Tell a screen reader what came out once the choosing rests: every step on the way would be talked over by the next. */
function Announced({ words }: { words: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(words), rest_ms);
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <span className="visually-hidden" role="status">
      {said}
    </span>
  );
}

/** Who of the walkers was picked, and why. */
export function PickedWalker({ preview }: { preview: SeriesPreview }) {
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
