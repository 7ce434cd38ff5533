import { useLayoutEffect, useRef } from 'react';

import { Button } from '../button';
import { Bell, Cross, Stop, Tick } from '../icons';
import { Reference } from '../reference';

import { isAtKeyboard, useAttention, useHiddenTab } from './use-attention';
import { useCountdown } from './use-countdown';
import { returnFocus } from './return-focus';

const lifetime = 8_000;
const icons = {
  error: <Stop />,
  done: <Tick />,
  news: <Bell />,
  busy: <span className="spinner" aria-hidden="true" />,
};

export interface ToastContent {
  kind: 'error' | 'done' | 'news' | 'busy';
  text: string;
  /** How often the same was said since it is on the screen. */
  times: number;
  reference?: string | null;
  retry?: (() => void) | undefined;
  undo?: () => void;
}

/** One toast. While its Retry is tried again, the button stays and keeps the focus. It leaves by itself after 8 seconds in which nobody was at it and the tab was seen. */
export function ToastCard({ content, close }: { content: ToastContent; close: () => void }) {
  const card = useRef<HTMLDivElement>(null);
  const watched = useAttention(card);
  const hidden = useHiddenTab();
  // What is said again stays its full time.
  const said = `${content.kind}${content.times}${content.text}`;
  useCountdown(lifetime, watched || hidden || content.kind === 'busy', close, said);
  const leave = () => {
    returnFocus(card.current?.closest('li') ?? null);
    close();
  };
  const isUndoable = content.undo !== undefined;
  useLayoutEffect(() => {
    const item = card.current;
    // The toast and not its button: a second press of Enter would take back what the first one did.
    if (isUndoable && isAtKeyboard()) item?.closest('li')?.focus();
    return () => returnFocus(item);
  }, [isUndoable]);
  const error = content.kind === 'error';
  return (
    <div className={`toast toast-${content.kind}`} ref={card}>
      {icons[content.kind]}
      <div className="toast-text">
        <p key={said} role={error ? 'alert' : 'status'}>
          {content.text}
          {content.times > 1 && <span className="toast-times"> (×{content.times})</span>}
        </p>
        {content.reference && <Reference id={content.reference} />}
      </div>
      {(content.kind === 'busy' || content.retry) && (
        <Button isPending={content.kind === 'busy'} onPress={content.retry}>
          Retry
        </Button>
      )}
      {content.undo && <Button onPress={content.undo}>Undo</Button>}
      <Button kind="quiet" aria-label="Dismiss" onPress={leave}>
        <Cross />
      </Button>
    </div>
  );
}
