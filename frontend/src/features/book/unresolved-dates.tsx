import { useLayoutEffect, useRef, useState } from 'react';

import { Back, Stop } from '../../ui/icons';
import { counted } from '../../words/count';

import { leaveOut, type Choices } from './choices';
import { useChoices } from './choices-context';
import { applyBulkChoice, restoreDates, suggestBulkChoices } from './bulk-choices';
import { groupByReason } from './common-reasons';
import { unresolvedLines, type Plan } from './plan';

/** What was decided for many dates at once, and how it was before. */
interface Done {
  words: string;
  dates: string[];
  before: Choices;
}

/** Until every one of its dates was put back in another way. */
const isInForce = ({ dates }: Done, plan: Plan): boolean =>
  plan.lines.some(
    ({ occurrence: { date }, state }) => dates.includes(date) && (state === 'chosen' || state === 'left_out'),
  );

type Decide = (words: string, dates: string[], how: (choices: Choices) => Choices) => void;

/** The dates that cannot be booked as they stand, seen together: what they have in common, and one press for many of them. */
export function UnresolvedDates({ plan }: { plan: Plan }) {
  const context = useChoices();
  const { edit } = context;
  const open = unresolvedLines(plan.lines);
  const [done, setDone] = useState<Done | null>(null);
  const { place, moveFocus } = useNextFocus();
  const inForce = done && isInForce(done, plan) ? done : null;
  const decide: Decide = (words, dates, how) => {
    moveFocus('.bulk-undo');
    edit((before) => {
      setDone({ words, dates, before });
      return how(before);
    });
  };
  const takeBack = ({ before, dates }: Done) => {
    moveFocus('.try');
    setDone(null);
    edit((now) => restoreDates(now, before, dates));
  };
  if (!open.length && !inForce) return null;
  return (
    <section ref={place} className="unresolved" aria-labelledby="unresolved">
      <h3 id="unresolved" tabIndex={-1}>
        {open.length ? (
          <>
            <Stop /> {counted(open.length, 'date needs', 'dates need')} you
          </>
        ) : (
          'Every date is settled'
        )}
      </h3>
      <ul className="common">
        {groupByReason(plan.lines, context).map(({ words, freeWalker }) => (
          <li key={words}>
            {words}
            {freeWalker && <span className="quiet free-walker"> → {freeWalker}</span>}
          </li>
        ))}
      </ul>
      {open.length > 0 && <BulkChoices plan={plan} decide={decide} />}
      {inForce && (
        <p className="bulk-done">
          <span role="status">Done: {inForce.words}.</span>
          <button type="button" className="try try-quiet bulk-undo" onClick={() => takeBack(inForce)}>
            <Back /> Undo
          </button>
        </p>
      )}
    </section>
  );
}

function BulkChoices({ plan, decide }: { plan: Plan; decide: Decide }) {
  const context = useChoices();
  const all = unresolvedLines(plan.lines).map(({ occurrence }) => occurrence.date);
  const skip = all.length === 1 ? 'Skip it' : 'Skip all';
  return (
    <div className="bulk-choices">
      {suggestBulkChoices(plan.lines, context).map((choice) => (
        <button
          key={choice.words}
          type="button"
          className="try"
          onClick={() =>
            decide(choice.words, Object.keys(choice.instead), (choices) => applyBulkChoice(choices, choice))
          }
        >
          {choice.words}
        </button>
      ))}
      <button
        type="button"
        className="try"
        onClick={() => decide(`Skip ${counted(all.length, 'date')}`, all, (choices) => leaveOut(choices, all))}
      >
        {skip}
      </button>
    </div>
  );
}

/** After a press the focus goes where the work goes on; the heading takes it where nothing is left to press. */
function useNextFocus() {
  const place = useRef<HTMLElement>(null);
  const next = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (!next.current) return;
    const found = place.current?.querySelector<HTMLElement>(next.current) ?? place.current?.querySelector('h3');
    next.current = null;
    found?.focus();
  });
  return {
    place,
    moveFocus: (to: string) => {
      next.current = to;
    },
  };
}
