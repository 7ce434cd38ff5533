import { RadioButton, RadioField, RadioGroup } from 'react-aria-components';

import type { Service } from '../../api/types';
import { GroupField } from '../../ui/group-field';
import { Tick } from '../../ui/icons';
import { showPrice } from '../../words/money';

import { bookable } from './draft';

interface Props {
  services: readonly Service[];
  chosen: string;
  error: string | undefined;
  onChange: (id: string) => void;
}

export function ServiceCards({ services, chosen, error, onChange }: Props) {
  const walks = bookable(services);
  return (
    <GroupField label="What" error={error}>
      {({ labelId, errorId }) => (
        <>
          {!walks.length && <p className="quiet">No walks are offered at the moment. Please ask your dog walker.</p>}
          {walks.length > 0 && (
            <RadioGroup
              aria-labelledby={labelId}
              {...(errorId && { 'aria-describedby': errorId })}
              className="cards"
              isInvalid={errorId !== undefined}
              value={chosen}
              onChange={onChange}
            >
              {walks.map((service) => (
                <RadioField key={service.id} value={service.id}>
                  <RadioButton className="card">
                    <span className="card-name">
                      {service.name} {service.id === chosen && <Tick />}
                    </span>
                    <span className="card-facts">
                      {service.duration_minutes} min ·{' '}
                      <strong>{showPrice(service.price_cents, service.currency)}</strong>
                    </span>
                    {service.description && <span className="card-words">{service.description}</span>}
                  </RadioButton>
                </RadioField>
              ))}
            </RadioGroup>
          )}
        </>
      )}
    </GroupField>
  );
}
