import { memo } from 'react';

import { Chevron, Tick } from '../../ui/icons';
import { counted } from '../../words/count';
import { showMonth } from '../../words/dates';

import { DateLine, FreeDate } from './date-line';
import type { Month } from './months';
import { sameLine } from './plan';

interface Props {
  of: Month;
  isOpen: boolean;
  open: (month: string, isOpen: boolean) => void;
  /** What its walks cost, "£80". */
  price: string;
}

/** A month of walks: the dates that need a look one by one, then those that are simply free. Closed, it holds nothing. */
export const MonthOfWalks = memo(
  function MonthOfWalks({ of: { month, lines, taken, tight, made }, isOpen, open, price }: Props) {
    return (
      <section className="month">
        <h4>
          <button type="button" className="month-head" aria-expanded={isOpen} onClick={() => open(month, !isOpen)}>
            <Chevron /> {showMonth(month)}
            {taken > 0 && <span className="month-taken">{counted(taken, 'problem')}</span>}
            {tight > 0 && <span className="month-tight">{counted(tight, 'warning')}</span>}
            <span className="month-sum">
              {counted(made, 'walk')} · {price}
            </span>
          </button>
        </h4>
        {isOpen && <Dates lines={lines} />}
      </section>
    );
  },
  (before, after) =>
    before.isOpen === after.isOpen &&
    before.open === after.open &&
    before.price === after.price &&
    before.of.lines.length === after.of.lines.length &&
    before.of.lines.every((line, index) => sameLine(line, after.of.lines[index])),
);

/** A free date stays among the free ones when it is left out: what is under the finger does not move. */
function Dates({ lines }: Pick<Month, 'lines'>) {
  const free = lines.filter(({ occurrence }) => occurrence.outcome === 'available');
  const troubled = lines.filter(({ occurrence }) => occurrence.outcome !== 'available');
  return (
    <div>
      {troubled.length > 0 && (
        <ul className="dates">
          {troubled.map((line) => (
            <DateLine key={line.occurrence.date} line={line} />
          ))}
        </ul>
      )}
      {free.length > 0 && (
        <>
          <p className="green free-at">
            <Tick /> Free at {free[0]?.occurrence.time}
          </p>
          <ul className="free-dates">
            {free.map((line) => (
              <FreeDate key={line.occurrence.date} line={line} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
