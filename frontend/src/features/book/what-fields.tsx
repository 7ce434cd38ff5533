import { SelectField } from '../../ui/field';

import { AddLocation } from './add-location';
import { DogChips } from './dog-chips';
import type { Draft, DraftErrors } from './draft';
import { RepeatsField } from './recurrence-fields';
import { ServiceCards } from './service-cards';
import type { BookingOptions } from './use-booking-options';

interface Props {
  draft: Draft;
  options: BookingOptions;
  errors: DraftErrors;
  change: (part: Partial<Draft>) => void;
}

/** How often, who, what, where and with whom. */
export function WhatFields({ draft, options, errors, change }: Props) {
  return (
    <section className="box stack" aria-labelledby="what-heading">
      <h2 id="what-heading" className="visually-hidden">
        The walk
      </h2>
      <RepeatsField draft={draft} change={change} />
      <DogChips
        dogs={options.dogs}
        chosen={draft.dogIds}
        error={errors.dog_ids}
        onChange={(dogIds) => change({ dogIds })}
      />
      <ServiceCards
        services={options.services}
        chosen={draft.serviceId}
        error={errors.service_id}
        onChange={(serviceId) => change({ serviceId })}
      />
      <div className="where-and-who">
        <div className="with-button">
          <SelectField
            label="Where"
            value={draft.locationId}
            onChange={(locationId) => change({ locationId })}
            error={errors.location_id}
          >
            {!options.locations.length && <option value="">No address yet</option>}
            {options.locations.map((location) => (
              <option key={location.id} value={location.id}>
                {location.label} · {location.address}
              </option>
            ))}
          </SelectField>
          <AddLocation onAdded={(locationId) => change({ locationId })} />
        </div>
        <SelectField
          label="Walker"
          value={draft.walkerId}
          onChange={(walkerId) => change({ walkerId })}
          error={errors.walker_id}
        >
          <option value="">Any of ours</option>
          {options.walkers.map((walker) => (
            <option key={walker.id} value={walker.id}>
              {walker.name}
            </option>
          ))}
        </SelectField>
      </div>
    </section>
  );
}
