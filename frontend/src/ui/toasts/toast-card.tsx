import { useLayoutEffect, useRef } from 'react';

import { Button } from '../button';
import { Bell, Cross, Stop, Tick } from '../icons';
import { Reference } from '../reference';

import { useAttention, useHiddenTab } from './attention';
import { useCountdown } from './countdown';
import { returnFocus } from './return-focus';

const lifetime = 8_000;
const icons = {
  error: <Stop />,
  done: <Tick />,
  news: <Bell />,
  busy: <span className="spinner" aria-hidden="true" />,
};

export interface Told {
  kind: 'error' | 'done' | 'news' | 'busy';
  text: string;
  /** How often the same was said since it is on the screen. */
  times: number;
  reference?: string | null;
  retry?: (() => void) | undefined;
  undo?: () => void;
}

/** One toast. It leaves by itself after 8 seconds in which nobody was at it and the tab was seen. */
export function ToastCard({ told, close }: { told: Told; close: () => void }) {
  const card = useRef<HTMLDivElement>(null);
  const watched = useAttention(card);
  const hidden = useHiddenTab();
  useCountdown(lifetime, watched || hidden || told.kind === 'busy', close);
  const leave = () => {
    returnFocus(card.current?.closest('li') ?? null);
    close();
  };
  useLayoutEffect(() => {
    const item = card.current;
    return () => returnFocus(item);
  }, []);
  const error = told.kind === 'error';
  return (
    <div className={`toast toast-${told.kind}`} ref={card}>
      {icons[told.kind]}
      <div className="toast-text">
        <p role={error ? 'alert' : 'status'}>
          {told.text}
          {told.times > 1 && <span className="toast-times"> (×{told.times})</span>}
        </p>
        {told.reference && <Reference id={told.reference} />}
      </div>
      {told.retry && <Button onPress={told.retry}>Retry</Button>}
      {told.undo && <Button onPress={told.undo}>Undo</Button>}
      <Button kind="quiet" aria-label="Dismiss" onPress={leave}>
        <Cross />
      </Button>
    </div>
  );
}
