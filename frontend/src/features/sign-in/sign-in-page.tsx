import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';

import { signIn } from '../../api/session';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { ProblemNote } from '../../ui/problem-note';
import { useSubmit } from '../../ui/use-submit';

import { SignInLayout } from './sign-in-layout';

const fields = ['email', 'password', 'organization'];

/** Sign in; the organization is asked for only where one e-mail and password fit several. */
export default function SignInPage() {
  const queries = useQueryClient();
  const [params] = useSearchParams();
  const [email, setEmail] = useState(params.get('email') ?? '');
  const [password, setPassword] = useState('');
  const [slug, setSlug] = useState('');
  const { form, errors, note, isPending } = useSubmit({
    fields,
    payload: () => ({ email, password, ...(slug && { organization: slug }) }),
    send: (credentials) => signIn(queries, credentials),
  });
  const asksWhich = slug !== '' || 'organization' in errors;
  return (
    <SignInLayout title="Sign in" form={form}>
      {note && <ProblemNote {...note} />}
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        value={email}
        onChange={setEmail}
        error={errors.email}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={setPassword}
        error={errors.password}
      />
      {asksWhich && (
        <TextField
          label="Business"
          hint="The short name that your dog walker gave you"
          value={slug}
          onChange={setSlug}
          error={errors.organization}
        />
      )}
      <Button type="submit" kind="primary" isPending={isPending}>
        Sign in
      </Button>
      <p className="quiet">
        New here? <Link to={`/register?${params.toString()}`}>Sign up as a customer</Link> or{' '}
        <Link to="/start">start your own business</Link>.
      </p>
    </SignInLayout>
  );
}
