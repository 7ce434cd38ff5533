import { useState } from 'react';
import { DisclosureGroup, type Key } from 'react-aria-components';

import { Button } from '../../ui/button';
import { Strip, type CellKind } from '../../ui/strip';
import { showDate } from '../../words/dates';

import type { Choices } from './choices';
import { MonthOfWalks } from './month';
import { byMonth, type Line, type Plan, type State } from './plan';

interface Props {
  plan: Plan;
  zone: string;
  walkerId: string;
  choices: Choices;
  change: (choices: Choices) => void;
}

const words: Record<State, string> = {
  free: 'free',
  tight: 'tight',
  taken: 'taken',
  chosen: 'another time chosen',
  left_out: 'left out',
};
const kinds: Record<State, CellKind> = {
  free: 'free',
  tight: 'tight',
  taken: 'taken',
  chosen: 'chosen',
  left_out: 'taken',
};

const cellOf = ({ occurrence: { date, time }, state }: Line) => ({
  date,
  kind: kinds[state],
  words: `${showDate(date)} ${time}: ${words[state]}`,
});

/** The year as a strip, and below it the dates by month; months with problems are open until somebody says otherwise. */
export function Occurrences({ plan, zone, walkerId, choices, change }: Props) {
  const months = byMonth(plan.lines);
  const [opened, setOpened] = useState<Set<Key> | null>(null);
  const withProblems = months.filter((month) => month.lines.some((line) => line.state !== 'free'));
  const expanded = opened ?? new Set<Key>(withProblems.map(({ month }) => month));
  const goTo = (date: string) => {
    setOpened(new Set([...expanded, date.slice(0, 7)]));
    requestAnimationFrame(() => {
      const line = document.getElementById(`date-${date}`);
      line?.scrollIntoView({ block: 'center' });
      line?.focus({ preventScroll: true });
    });
  };
  return (
    <>
      <div className="stack-tight">
        <Strip label="All dates" cells={plan.lines.map(cellOf)} onPress={goTo} />
        <Legend plan={plan} />
      </div>
      <div className="months-head">
        <h3>Dates by month</h3>
        <span className="row">
          <Button kind="quiet" onPress={() => setOpened(new Set(months.map(({ month }) => month)))}>
            Expand all
          </Button>
          <Button kind="quiet" onPress={() => setOpened(new Set())}>
            Collapse all
          </Button>
        </span>
      </div>
      <DisclosureGroup className="months" allowsMultipleExpanded expandedKeys={expanded} onExpandedChange={setOpened}>
        {months.map((month) => (
          <MonthOfWalks
            key={month.month}
            of={month}
            zone={zone}
            walkerId={walkerId}
            choices={choices}
            change={change}
          />
        ))}
      </DisclosureGroup>
    </>
  );
}

function Legend({ plan }: { plan: Plan }) {
  const counts = (state: State) => plan.lines.filter((line) => line.state === state).length;
  const shown = (['free', 'tight', 'taken', 'chosen', 'left_out'] as const).filter((state) => counts(state));
  return (
    <p className="legend">
      {shown.map((state) => (
        <span key={state}>
          <span className={`cell cell-${kinds[state]}`} aria-hidden="true" /> {counts(state)} {words[state]}
        </span>
      ))}
    </p>
  );
}
