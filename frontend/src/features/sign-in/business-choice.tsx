import type { BusinessChoice } from '../../api/types';
import { SelectField } from '../../ui/field';

interface Props {
  businesses: readonly BusinessChoice[];
  slug: string;
  choose: (slug: string) => void;
  error: string | undefined;
}

/** With which business, where the e-mail and password fit several. Two of one name are told apart by their short names. */
export function BusinessChoiceField({ businesses, slug, choose, error }: Props) {
  const names = businesses.map(({ name }) => name);
  const isAlone = (name: string) => names.indexOf(name) === names.lastIndexOf(name);
  return (
    <SelectField label="Business" required value={slug} onChange={choose} error={error}>
      <option value="">Choose a business</option>
      {businesses.map((one) => (
        <option key={one.slug} value={one.slug}>
          {isAlone(one.name) ? one.name : `${one.name} (${one.slug})`}
        </option>
      ))}
    </SelectField>
  );
}
