import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';

import { registerOrganization, signIn } from '../../api/session';
import type { NewOrganization } from '../../api/types';
import { Button } from '../../ui/button';
import { ProblemNote } from '../../ui/problem-note';
import { useSubmit } from '../../ui/use-submit';
import { browserZone } from '../../words/dates';

import { BusinessFields, OwnerFields } from './business-fields';
import { SignInLayout } from './sign-in-layout';

const blank = (): NewOrganization => ({
  slug: '',
  name: '',
  time_zone: browserZone(),
  currency: 'GBP',
  admin: { name: '', email: '', password: '' },
});

const fields = ['slug', 'name', 'time_zone', 'currency', 'admin.name', 'admin.email', 'admin.password'];

/** A business registers itself, with its first administrator. */
export default function StartBusinessPage() {
  const queries = useQueryClient();
  const [wanted, setWanted] = useState(blank);
  const { form, errors, note, isPending } = useSubmit({
    fields,
    payload: () => wanted,
    send: async (business, key) => {
      await registerOrganization(business, key);
      const { email, password } = business.admin;
      await signIn(queries, { email, password, organization: business.slug });
    },
  });
  return (
    <SignInLayout
      title="Start your business"
      lead="First your business and you; then your walks and walkers."
      form={form}
    >
      {note && <ProblemNote {...note} />}
      <BusinessFields wanted={wanted} errors={errors} change={(part) => setWanted({ ...wanted, ...part })} />
      <OwnerFields
        admin={wanted.admin}
        errors={errors}
        change={(part) => setWanted({ ...wanted, admin: { ...wanted.admin, ...part } })}
      />
      <Button type="submit" kind="primary" isPending={isPending}>
        Start
      </Button>
      <p className="quiet">
        Started already? <Link to="/sign-in">Sign in</Link>
      </p>
    </SignInLayout>
  );
}
