import type { NewOrganization } from '../../api/types';
import { SelectField, TextField } from '../../ui/field';

import { passwordHint } from './password-hint';
import { shortNameOf } from './short-name';

type Errors = Record<string, string>;

interface BusinessProps {
  wanted: NewOrganization;
  errors: Errors;
  change: (part: Partial<NewOrganization>) => void;
}

export function BusinessFields({ wanted, errors, change }: BusinessProps) {
  const rename = (name: string) => {
    // The short name follows the name until somebody makes up their own.
    const follows = wanted.slug === shortNameOf(wanted.name);
    change({ name, ...(follows && { slug: shortNameOf(name) }) });
  };
  return (
    <>
      <TextField label="Name of the business" required value={wanted.name} onChange={rename} error={errors.name} />
      <TextField
        label="Short name"
        hint="Your customers sign up with it; small letters, digits and hyphens"
        required
        autoCapitalize="none"
        value={wanted.slug}
        onChange={(slug) => change({ slug: slug.toLowerCase() })}
        error={errors.slug}
      />
      <SelectField
        label="Time zone"
        value={wanted.time_zone}
        onChange={(time_zone) => change({ time_zone })}
        error={errors.time_zone}
      >
        {zones(wanted.time_zone).map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </SelectField>
      <TextField
        label="Currency"
        hint="Three letters, such as GBP or EUR"
        required
        value={wanted.currency}
        onChange={(currency) => change({ currency: currency.toUpperCase() })}
        error={errors.currency}
      />
    </>
  );
}

const zones = (own: string): string[] => [...new Set([own, ...Intl.supportedValuesOf('timeZone')])].sort();

interface OwnerProps {
  admin: NewOrganization['admin'];
  errors: Errors;
  change: (part: Partial<NewOrganization['admin']>) => void;
}

export function OwnerFields({ admin, errors, change }: OwnerProps) {
  return (
    <>
      <TextField
        label="Your name"
        autoComplete="name"
        required
        value={admin.name}
        onChange={(name) => change({ name })}
        error={errors['admin.name']}
      />
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        value={admin.email}
        onChange={(email) => change({ email })}
        error={errors['admin.email']}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        required
        hint={passwordHint}
        value={admin.password}
        onChange={(password) => change({ password })}
        error={errors['admin.password']}
      />
    </>
  );
}
