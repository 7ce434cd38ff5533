import { useEffect, useState, useSyncExternalStore, type RefObject } from 'react';

let isAtKeys = false;
document.addEventListener('keydown', () => (isAtKeys = true), { capture: true });
document.addEventListener('pointerdown', () => (isAtKeys = false), { capture: true });

/** Whether the keyboard was used last: who uses it reaches a toast only by a long way. */
export const isAtKeyboard = (): boolean => isAtKeys;

/** Whether somebody is at a toast, with the pointer or the keyboard. */
export function useAttention(card: RefObject<HTMLElement | null>): boolean {
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  useEffect(() => {
    // The list item around the card takes the focus too, so it is what is watched.
    const item = card.current?.closest('li');
    if (!item) return;
    const watch = new AbortController();
    const { signal } = watch;
    item.addEventListener('pointerenter', () => setHovered(true), { signal });
    item.addEventListener('pointerleave', () => setHovered(false), { signal });
    item.addEventListener('focusin', () => setFocused(true), { signal });
    item.addEventListener('focusout', () => setFocused(false), { signal });
    return () => watch.abort();
  }, [card]);
  return hovered || focused;
}

function onVisibility(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
}

export const useHiddenTab = (): boolean => useSyncExternalStore(onVisibility, () => document.hidden);
