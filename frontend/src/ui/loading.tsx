import type { ReactNode } from 'react';

/** What stands where something is still being fetched: its outline, and words for who cannot see that. */
export function Loading({ words, isBox, children }: { words: string; isBox?: boolean; children: ReactNode }) {
  return (
    <div className={isBox ? 'box stack' : 'stack'} aria-busy="true">
      <p className="visually-hidden" role="status">
        {words}
      </p>
      {children}
    </div>
  );
}
