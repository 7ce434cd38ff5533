import { SelectField } from '../../ui/field';

import { AddLocation } from './add-location';
import { DogChips } from './dog-chips';
import type { Draft, DraftErrors } from './draft';
import { Repeats } from './rhythm-fields';
import { ServiceCards } from './service-cards';
import type { Everything } from './use-offered';

interface Props {
  draft: Draft;
  offered: Everything;
  errors: DraftErrors;
  change: (part: Partial<Draft>) => void;
}

/** How often, who, what, where and with whom. */
export function WhatFields({ draft, offered, errors, change }: Props) {
  return (
    <section className="box stack" aria-labelledby="what-heading">
      <h2 id="what-heading" className="visually-hidden">
        The walk
      </h2>
      <Repeats draft={draft} change={change} />
      <DogChips
        dogs={offered.dogs}
        chosen={draft.dogIds}
        error={errors.dog_ids}
        onChange={(dogIds) => change({ dogIds })}
      />
      <ServiceCards
        services={offered.services}
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
            {!offered.locations.length && <option value="">No address yet</option>}
            {offered.locations.map((location) => (
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
          {offered.walkers.map((walker) => (
            <option key={walker.id} value={walker.id}>
              {walker.name}
            </option>
          ))}
        </SelectField>
      </div>
    </section>
  );
}
