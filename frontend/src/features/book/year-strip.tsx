import { memo, useMemo, useRef } from 'react';

import { DateStrip, type Cell } from '../../ui/date-strip';
import { showDate } from '../../words/dates';

import { Away } from './away';
import { undo } from './choices';
import { useChoices } from './choices-context';
import type { Line, Plan, State } from './plan';

const words: Record<State, string> = {
  free: 'free',
  tight: 'tight',
  taken: 'taken',
  chosen: 'another time chosen',
  left_out: 'left out',
};

const cellOf = ({ occurrence: { date, time }, state }: Line): Cell => ({
  date,
  kind: state,
  words: `${showDate(date)} ${time}: ${words[state]}`,
});

/** All dates at a glance, what their colours mean, and a way to leave some out. */
export const YearStrip = memo(function YearStrip({ plan, onPress }: { plan: Plan; onPress: (date: string) => void }) {
  const { today } = useChoices();
  const cells = useMemo(() => plan.lines.map(cellOf), [plan.lines]);
  return (
    <div className="stack-tight">
      <DateStrip label="All dates" cells={cells} today={today} onPress={onPress} />
      <Legend plan={plan} />
      <Away lines={plan.lines} />
    </div>
  );
});

/** The first number is the heading's; what it is made of stands behind it. */
function Legend({ plan }: { plan: Plan }) {
  const { edit } = useChoices();
  const counts = (state: State) => plan.lines.filter((line) => line.state === state).length;
  const [tight, chosen] = [counts('tight'), counts('chosen')];
  const leftOut = plan.lines.filter(({ state }) => state === 'left_out').map(({ occurrence }) => occurrence.date);
  // The button goes with what was left out: the work goes on in the calendar above it.
  const legend = useRef<HTMLParagraphElement>(null);
  const putBack = () => {
    legend.current?.parentElement?.querySelector<HTMLElement>('[role="toolbar"] [tabindex="0"]')?.focus();
    edit((choices) => undo(choices, leftOut));
  };
  return (
    <p className="legend" ref={legend}>
      {plan.made > 0 && <Counted kind="free" words={`${plan.made} free`} />}
      {tight > 0 && <Counted kind="tight" words={`${tight} of them tight`} />}
      {chosen > 0 && <Counted kind="chosen" words={`${chosen} of them changed`} />}
      {plan.skipped > 0 && <Counted kind="taken" words={`${plan.skipped} taken`} />}
      {leftOut.length > 0 && (
        <>
          <Counted kind="left_out" words={`${leftOut.length} left out`} />
          <button type="button" className="try try-quiet" onClick={putBack}>
            Put {leftOut.length === 1 ? 'it' : 'all'} back
          </button>
        </>
      )}
    </p>
  );
}

const Counted = ({ kind, words: text }: { kind: State; words: string }) => (
  <span>
    <span className={`cell cell-${kind}`} aria-hidden="true" /> {text}
  </span>
);
