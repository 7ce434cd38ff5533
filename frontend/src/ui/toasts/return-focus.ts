/** Where the work was before somebody went to a toast: there the focus goes on when the toast leaves. */

const toaster = '[data-sonner-toaster]';

let last: HTMLElement | null = null;

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && !target.closest(toaster)) last = target;
});

/** Give the focus back if it is inside the element that is about to leave. */
export function returnFocus(leaving: Element | null): void {
  if (!leaving?.contains(document.activeElement)) return;
  const dialog = [...document.querySelectorAll<HTMLElement>('[role="dialog"], [role="alertdialog"]')].at(-1);
  const reachable = last?.isConnected && last.checkVisibility() && (!dialog || dialog.contains(last));
  const place = reachable
    ? last
    : (dialog ?? document.querySelector<HTMLElement>('main h1') ?? document.getElementById('content'));
  place?.focus();
}
