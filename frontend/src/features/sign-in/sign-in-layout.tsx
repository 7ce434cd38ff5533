import type { ComponentProps, ReactNode } from 'react';

import { Paw } from '../../ui/icons';
import { Page } from '../../ui/page';

import './sign-in-layout.css';

interface Props {
  title: string;
  lead?: string;
  form: ComponentProps<'form'>;
  children: ReactNode;
}

/** The page around signing in, signing up and starting a business. */
export function SignInLayout({ title, lead, form, children }: Props) {
  return (
    <main className="alone">
      <p className="sign-in-name">
        <Paw /> Packwalk
      </p>
      <Page title={title} lead={lead}>
        <form className="box stack" {...form}>
          {children}
        </form>
      </Page>
    </main>
  );
}
