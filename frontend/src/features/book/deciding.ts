import { createContext, useContext, useLayoutEffect, useMemo, useRef } from 'react';

import { localDate } from '../../words/dates';

import type { Choices } from './choices';
import type { Asked } from './mending';
import { callingBy } from '../../ui/reasons';
import type { Everything } from './use-offered';

/** What every line needs to know, and how it changes what the customer decided. */
export interface Deciding extends Asked {
  today: string;
  edit: (how: (choices: Choices) => Choices) => void;
}

const Context = createContext<Deciding | null>(null);

export const DecidingProvider = Context.Provider;

export function useDeciding(): Deciding {
  const deciding = useContext(Context);
  if (!deciding) throw new Error('lines of a plan need a DecidingProvider');
  return deciding;
}

/** The same value for as long as nothing but the choices changes: a line is drawn again only when it is another one. */
export function useMakeDeciding(
  { organization: { time_zone: zone }, walkers }: Everything,
  walkerId: string,
  choices: Choices,
  change: (choices: Choices) => void,
): Deciding {
  const latest = useRef({ choices, change });
  useLayoutEffect(() => {
    latest.current = { choices, change };
  });
  return useMemo(
    () => ({
      zone,
      walkers,
      walkerId,
      call: callingBy(walkers.map(({ name }) => name)),
      today: localDate(new Date(), zone),
      edit: (how) => {
        const now = { ...latest.current, choices: how(latest.current.choices) };
        latest.current = now;
        now.change(now.choices);
      },
    }),
    [zone, walkers, walkerId],
  );
}
