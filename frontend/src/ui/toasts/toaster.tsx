import { useSyncExternalStore } from 'react';
import { Toaster as Sonner } from 'sonner';

import './toasts.css';

const phone = window.matchMedia('(max-width: 600px)');

function onWidth(changed: () => void): () => void {
  phone.addEventListener('change', changed);
  return () => phone.removeEventListener('change', changed);
}

/** Where toasts appear: top right, newest on top; at the bottom where a thumb is, on a phone. */
export function Toaster() {
  const small = useSyncExternalStore(onWidth, () => phone.matches);
  return (
    // An open dialog hides everything else from screen readers, but not its own errors.
    <div data-react-aria-top-layer="true">
      <Sonner
        position={small ? 'bottom-center' : 'top-right'}
        expand
        visibleToasts={5}
        gap={8}
        offset={{ top: 72, right: 16 }}
        mobileOffset={{ bottom: 'calc(12px + var(--bars))', left: 12, right: 12 }}
      />
    </div>
  );
}
