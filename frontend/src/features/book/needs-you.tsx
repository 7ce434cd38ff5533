import { useLayoutEffect, useRef, useState } from 'react';

import { Back, Stop } from '../../ui/icons';
import { counted } from '../../words/count';

import { leaveOut, type Choices } from './choices';
import { useDeciding } from './deciding';
import { mendsOf, mendWith, openLines, reasonsInCommon, restore } from './mending';
import type { Plan } from './plan';

/** What was decided for many dates at once, and how it was before. */
interface Done {
  words: string;
  dates: string[];
  before: Choices;
}

type Decide = (words: string, dates: string[], how: (choices: Choices) => Choices) => void;

/** The dates that cannot be booked as they stand, seen together: what they have in common, and one press for many of them. */
export function NeedsYou({ plan }: { plan: Plan }) {
  const deciding = useDeciding();
  const { edit } = deciding;
  const open = openLines(plan.lines);
  const [done, setDone] = useState<Done | null>(null);
  const { place, moveFocus } = useNextFocus();
  const decide: Decide = (words, dates, how) => {
    moveFocus('.mend-undo');
    edit((before) => {
      setDone({ words, dates, before });
      return how(before);
    });
  };
  const takeBack = ({ before, dates }: Done) => {
    moveFocus('.try');
    setDone(null);
    edit((now) => restore(now, before, dates));
  };
  if (!open.length && !done) return null;
  return (
    <section ref={place} className="needs-you" aria-labelledby="needs-you">
      <h3 id="needs-you" tabIndex={-1}>
        {open.length ? (
          <>
            <Stop /> {counted(open.length, 'date needs', 'dates need')} you
          </>
        ) : (
          'Every date is settled'
        )}
      </h3>
      <ul className="common">
        {reasonsInCommon(plan.lines, deciding).map(({ words, way }) => (
          <li key={words}>
            {words}
            {way && <span className="quiet way"> → {way}</span>}
          </li>
        ))}
      </ul>
      {open.length > 0 && <Mends plan={plan} decide={decide} />}
      {done && (
        <p className="mended">
          <span role="status">Done: {done.words}.</span>
          <button type="button" className="try try-quiet mend-undo" onClick={() => takeBack(done)}>
            <Back /> Undo
          </button>
        </p>
      )}
    </section>
  );
}

function Mends({ plan, decide }: { plan: Plan; decide: Decide }) {
  const deciding = useDeciding();
  const all = openLines(plan.lines).map(({ occurrence }) => occurrence.date);
  const skip = all.length === 1 ? 'Skip it' : 'Skip all';
  return (
    <div className="mends">
      {mendsOf(plan.lines, deciding).map((mend) => (
        <button
          key={mend.words}
          type="button"
          className="try"
          onClick={() => decide(mend.words, Object.keys(mend.instead), (choices) => mendWith(choices, mend))}
        >
          {mend.words}
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
