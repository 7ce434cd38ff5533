import { createContext, useContext, useLayoutEffect, useMemo, useRef } from 'react';

import { serverNow } from '../../api/clock';
import { localDate } from '../../words/dates';

import type { Choices } from './choices';
import type { PlanContext } from './plan';
import { shortNamesOf } from '../../ui/conflict-reasons';
import type { BookingOptions } from './use-booking-options';

/** What every line needs to know, and how it changes what the customer decided. */
export interface ChoicesContextValue extends PlanContext {
  today: string;
  edit: (how: (choices: Choices) => Choices) => void;
}

const Context = createContext<ChoicesContextValue | null>(null);

export const ChoicesProvider = Context.Provider;

export function useChoices(): ChoicesContextValue {
  const context = useContext(Context);
  if (!context) throw new Error('lines of a plan need a ChoicesProvider');
  return context;
}

/** The same value for as long as nothing but the choices changes: a line is drawn again only when it is another one. */
export function useChoicesValue(
  { organization: { time_zone: zone }, walkers }: BookingOptions,
  walkerId: string,
  choices: Choices,
  change: (choices: Choices) => void,
): ChoicesContextValue {
  const latest = useRef({ choices, change });
  useLayoutEffect(() => {
    latest.current = { choices, change };
  });
  return useMemo(
    () => ({
      zone,
      walkers,
      walkerId,
      shortName: shortNamesOf(walkers.map(({ name }) => name)),
      today: localDate(serverNow(), zone),
      edit: (how) => {
        const now = { ...latest.current, choices: how(latest.current.choices) };
        latest.current = now;
        now.change(now.choices);
      },
    }),
    [zone, walkers, walkerId],
  );
}
