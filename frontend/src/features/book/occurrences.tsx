import { useCallback, useState } from 'react';

import { Button } from '../../ui/button';
import { Chevron } from '../../ui/icons';
import { showPrice } from '../../words/money';

import { DateCard } from './date-card';
import { MonthOfWalks } from './month';
import type { Month } from './months';
import type { Plan } from './plan';
import { useWideLayout } from './use-wide-layout';
import { YearStrip } from './year-strip';

interface Props {
  plan: Plan;
  months: readonly Month[];
  pricePerWalk: number;
  currency: string;
}

/** The year as a calendar, and the dates by month. A press on a date leads to its line; on a phone it opens the date's card. */
export function Occurrences({ plan, months, pricePerWalk, currency }: Props) {
  const isWide = useWideLayout();
  const [wanted, setListed] = useState<boolean | null>(null);
  const isListed = wanted ?? isWide;
  const { isOpen, open, openAll } = useOpened(months);
  const [card, setCard] = useState<string | null>(null);
  const press = useCallback(
    (date: string) => {
      if (!isWide) {
        setCard(date);
        return;
      }
      setListed(true);
      open(date.slice(0, 7), true);
      requestAnimationFrame(() => focusLine(date));
    },
    [isWide, open],
  );
  return (
    <>
      <YearStrip plan={plan} onPress={press} />
      <section className="by-month" aria-label="Dates by month">
        <MonthsHead isListed={isListed} list={setListed} openAll={openAll} />
        {isListed && (
          <div className="months">
            {months.map((month) => (
              <MonthOfWalks
                key={month.month}
                of={month}
                isOpen={isOpen(month)}
                open={open}
                price={showPrice(month.made * pricePerWalk, currency)}
              />
            ))}
          </div>
        )}
      </section>
      {card && <DateCard date={card} plan={plan} go={setCard} />}
    </>
  );
}

function focusLine(date: string): void {
  const line = document.getElementById(`date-${date}`);
  line?.scrollIntoView({ block: 'center' });
  line?.focus({ preventScroll: true });
}

/** Months with problems are open until somebody says otherwise. */
function useOpened(months: readonly Month[]) {
  const [said, setSaid] = useState<ReadonlyMap<string, boolean>>(new Map());
  const open = useCallback(
    (month: string, isOpen: boolean) => setSaid((before) => new Map([...before, [month, isOpen]])),
    [],
  );
  return {
    isOpen: ({ month, lines }: Month) =>
      said.get(month) ?? lines.some(({ occurrence }) => occurrence.outcome !== 'available'),
    open,
    openAll: (isOpen: boolean) => setSaid(new Map(months.map(({ month }) => [month, isOpen]))),
  };
}

interface HeadProps {
  isListed: boolean;
  list: (isListed: boolean) => void;
  openAll: (isOpen: boolean) => void;
}

function MonthsHead({ isListed, list, openAll }: HeadProps) {
  return (
    <div className="months-head">
      <h3>
        <button type="button" className="month-head" aria-expanded={isListed} onClick={() => list(!isListed)}>
          <Chevron /> Dates by month
        </button>
      </h3>
      {isListed && (
        <span className="row">
          <Button kind="quiet" onPress={() => openAll(true)}>
            Expand all
          </Button>
          <Button kind="quiet" onPress={() => openAll(false)}>
            Collapse all
          </Button>
        </span>
      )}
    </div>
  );
}
