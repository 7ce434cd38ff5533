import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';

import { problemOf } from '../../api/problem';
import { found, signIn } from '../../api/session';
import type { NewOrganization } from '../../api/types';
import { Button } from '../../ui/button';
import { fieldErrors } from '../../ui/field-errors';
import { ProblemNote } from '../../ui/problem-note';
import { forgetProblems, notifyProblem } from '../../ui/toasts/notify';
import { browserZone } from '../../words/dates';

import { BusinessFields, OwnerFields } from './business-fields';
import { Door } from './door';

const blank = (): NewOrganization => ({
  slug: '',
  name: '',
  time_zone: browserZone(),
  currency: 'GBP',
  admin: { name: '', email: '', password: '' },
});

/** A business registers itself, with its first administrator. */
export default function StartPage() {
  const queries = useQueryClient();
  const [wanted, setWanted] = useState(blank);
  const founding = useMutation({
    mutationFn: async () => {
      await found(wanted);
      const { email, password } = wanted.admin;
      await signIn(queries, { email, password, organization: wanted.slug });
    },
    onSuccess: forgetProblems,
    onError: (error) => notifyProblem(error, () => founding.mutate()),
  });
  const problem = founding.error && problemOf(founding.error);
  const errors = fieldErrors(problem);
  return (
    <Door
      title="Start your business"
      lead="Two minutes, and your customers can book."
      onSubmit={() => founding.mutate()}
    >
      {problem && <ProblemNote problem={problem} onRetry={() => founding.mutate()} />}
      <BusinessFields wanted={wanted} errors={errors} change={(part) => setWanted({ ...wanted, ...part })} />
      <OwnerFields
        admin={wanted.admin}
        errors={errors}
        change={(part) => setWanted({ ...wanted, admin: { ...wanted.admin, ...part } })}
      />
      <Button type="submit" kind="primary" isPending={founding.isPending}>
        Start
      </Button>
      <p className="quiet">
        Started already? <Link to="/sign-in">Sign in</Link>
      </p>
    </Door>
  );
}
