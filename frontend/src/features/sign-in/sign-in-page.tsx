import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';

import { problemOf } from '../../api/problem';
import { signIn } from '../../api/session';
import type { BusinessChoice, Credentials } from '../../api/types';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { ProblemNote } from '../../ui/problem-note';
import { useSubmit } from '../../ui/use-submit';

import { BusinessChoiceField } from './business-choice';
import { SignInLayout } from './sign-in-layout';
import { WaitIsOver } from './wait-is-over';

const fields = ['email', 'password', 'organization'];

/** Sign in; the business is asked for only where one e-mail and password fit several. */
export default function SignInPage() {
  const [params] = useSearchParams();
  const [email, setEmail] = useState(params.get('email') ?? '');
  const [password, setPassword] = useState('');
  const { businesses, slug, choose, forget, send } = useBusinesses();
  const { form, errors, note, isPending } = useSubmit({
    fields,
    payload: () => ({ email, password, ...(slug && { organization: slug }) }),
    send,
  });
  /** What fitted the e-mail and password of before may not fit these. */
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    forget();
  };
  const wait_s = note?.problem.is('too-many-requests') ? note.problem.retryAfter_s : 0;
  return (
    <SignInLayout title="Sign in" form={form}>
      {note && <ProblemNote {...note} />}
      {note && wait_s > 0 && <WaitIsOver key={note.problem.body.correlation_id} wait_s={wait_s} />}
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        value={email}
        onChange={change(setEmail)}
        error={errors.email}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={change(setPassword)}
        error={errors.password}
      />
      {businesses.length > 0 && (
        <BusinessChoiceField businesses={businesses} slug={slug} choose={choose} error={errors.organization} />
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

/** Signs in, and keeps the businesses that the server offers where there are several. */
function useBusinesses() {
  const queries = useQueryClient();
  const [businesses, setBusinesses] = useState<readonly BusinessChoice[]>([]);
  const [slug, choose] = useState('');
  const forget = () => {
    setBusinesses([]);
    choose('');
  };
  const send = async (credentials: Credentials) => {
    try {
      await signIn(queries, credentials);
    } catch (error) {
      setBusinesses((before) => problemOf(error).body.organizations ?? before);
      throw error;
    }
  };
  return { businesses, slug, choose, forget, send };
}
