import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';

import { registerAccount, signIn } from '../../api/session';
import type { NewAccount } from '../../api/types';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { ProblemNote } from '../../ui/problem-note';
import { useSubmit } from '../../ui/use-submit';

import { passwordHint } from './password-hint';
import { SignInLayout } from './sign-in-layout';

const fields = ['organization', 'name', 'email', 'password'];

/** A customer signs up with a business, named by its slug. */
export default function RegisterPage() {
  const queries = useQueryClient();
  const [params] = useSearchParams();
  const [wanted, setWanted] = useState<NewAccount>({
    organization: params.get('organization') ?? '',
    name: '',
    email: '',
    password: '',
  });
  const set = (part: keyof NewAccount) => (value: string) => setWanted((before) => ({ ...before, [part]: value }));
  const { form, errors, note, isPending } = useSubmit({
    fields,
    payload: () => wanted,
    send: async (account, key) => {
      await registerAccount(account, key);
      await signIn(queries, { email: account.email, password: account.password, organization: account.organization });
    },
  });
  return (
    <SignInLayout title="Sign up" lead="Book walks for your dog, a whole year in one go." form={form}>
      {note && <ProblemNote {...note} />}
      <TextField
        label="Business"
        hint="The short name that your dog walker gave you, such as riverside"
        autoCapitalize="none"
        required
        value={wanted.organization}
        onChange={set('organization')}
        error={errors.organization}
      />
      <TextField
        label="Your name"
        autoComplete="name"
        required
        value={wanted.name}
        onChange={set('name')}
        error={errors.name}
      />
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        value={wanted.email}
        onChange={set('email')}
        error={errors.email}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        required
        hint={passwordHint}
        value={wanted.password}
        onChange={set('password')}
        error={errors.password}
      />
      <Button type="submit" kind="primary" isPending={isPending}>
        Sign up
      </Button>
      <p className="quiet">
        Signed up already? <Link to={`/sign-in?${params.toString()}`}>Sign in</Link>
      </p>
    </SignInLayout>
  );
}
