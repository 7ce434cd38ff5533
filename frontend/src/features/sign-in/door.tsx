import type { ReactNode } from 'react';

import { Paw } from '../../ui/icons';
import { Page } from '../../ui/page';

import './door.css';

interface Props {
  title: string;
  lead?: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** The page around signing in, signing up and starting a business. */
export function Door({ title, lead, onSubmit, children }: Props) {
  return (
    <main className="alone">
      <p className="door-name">
        <Paw /> Packwalk
      </p>
      <Page title={title} lead={lead}>
        <form
          className="box stack"
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {children}
        </form>
      </Page>
    </main>
  );
}
