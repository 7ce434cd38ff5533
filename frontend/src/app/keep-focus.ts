/** What has the focus may go: the focus then stays near, on the nearest part of the page that is still there. */

const parts = 'section, form, main';

function partsAround(element: Element): HTMLElement[] {
  const around: HTMLElement[] = [];
  for (
    let part = element.closest<HTMLElement>(parts);
    part;
    part = part.parentElement?.closest<HTMLElement>(parts) ?? null
  )
    around.push(part);
  return around;
}

const canHaveFocus = (element: Element): boolean =>
  element.isConnected && element.checkVisibility() && !element.matches(':disabled');

/** Watch over the focus inside the page's content. Returns what ends it. */
export function keepFocus(main: HTMLElement): () => void {
  let last: Element | null = null;
  let around: HTMLElement[] = [];
  const end = new AbortController();
  const remember = ({ target }: FocusEvent) => {
    last = target as Element;
    around = partsAround(last);
  };
  const lookAfter = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget) return;
    // Only a frame later it is known what became of it, and whether somebody else has taken the focus.
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body || (last && canHaveFocus(last))) return;
      // The whole page would be read out from its beginning: its heading says where one is.
      const near = around.find((part) => part.isConnected && part !== main);
      const place = near ?? main.querySelector('h1') ?? main;
      if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
      place.focus({ preventScroll: true });
    });
  };
  main.addEventListener('focusin', remember, { signal: end.signal });
  main.addEventListener('focusout', lookAfter, { signal: end.signal });
  return () => end.abort();
}
