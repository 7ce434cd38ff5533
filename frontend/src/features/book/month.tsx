import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';

import { Chevron, Tick } from '../../ui/icons';
import { counted } from '../../words/count';
import { showDayOfYear, showMonth } from '../../words/dates';

import type { Choices } from './choices';
import type { Month } from './plan';
import { TroubledDate } from './troubled-date';

interface Props {
  of: Month;
  zone: string;
  walkerId: string;
  choices: Choices;
  change: (choices: Choices) => void;
}

/** A month of walks: the dates that need a look one by one, then those that are simply free. */
export function MonthOfWalks({ of: { month, lines, taken, tight }, zone, walkerId, choices, change }: Props) {
  const free = lines.filter((line) => line.state === 'free');
  const troubled = lines.filter((line) => line.state !== 'free');
  return (
    <Disclosure id={month} className="month">
      <Heading level={4}>
        <Button slot="trigger" className="month-head">
          <Chevron /> {showMonth(month)}
          {taken > 0 && <span className="month-taken">{counted(taken, 'problem')}</span>}
          {tight > 0 && <span className="month-tight">{counted(tight, 'warning')}</span>}
          {taken + tight === 0 && <span className="quiet">{counted(lines.length, 'walk')}</span>}
        </Button>
      </Heading>
      <DisclosurePanel>
        {troubled.length > 0 && (
          <ul className="dates">
            {troubled.map((line) => (
              <TroubledDate
                key={line.occurrence.date}
                line={line}
                zone={zone}
                walkerId={walkerId}
                choices={choices}
                change={change}
              />
            ))}
          </ul>
        )}
        {free.length > 0 && (
          <p className="free-dates">
            <span className="green">
              <Tick /> Free at {free[0]?.occurrence.time}
            </span>
            {free.map(({ occurrence: { date } }) => (
              <span key={date} id={`date-${date}`} tabIndex={-1}>
                {showDayOfYear(date)}
              </span>
            ))}
          </p>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}
