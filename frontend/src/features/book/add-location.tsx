import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { addLocation, locations } from '../../api/catalogue';
import { TextField } from '../../ui/field';

import { AddDialog } from './add-dialog';
import { Coordinates } from './coordinates';
import { readCoordinates, type Pair } from './parse-coordinates';

const blank = { label: '', address: '', lat: '', lng: '' };
const fields = ['label', 'address', 'lat', 'lng'];

export function AddLocation({ onAdded }: { onAdded: (id: string) => void }) {
  const queries = useQueryClient();
  const [location, setLocation] = useState(blank);
  const coordinates = readCoordinates(location.lat, location.lng);
  const set = (part: Partial<typeof blank>) => setLocation((before) => ({ ...before, ...part }));
  return (
    <AddDialog
      title="Add an address"
      fields={fields}
      check={() => ('errors' in coordinates ? coordinates.errors : {})}
      // Nothing is sent while `check` cannot read the coordinates.
      payload={() => ({ label: location.label, address: location.address, ...(coordinates as Pair) })}
      send={addLocation}
      done={(made) => {
        queries.setQueryData(locations.queryKey, (before) => [...(before ?? []), made]);
        onAdded(made.id);
        setLocation(blank);
      }}
    >
      {(errors) => (
        <>
          <TextField
            label="Name"
            hint="Such as Home"
            required
            value={location.label}
            onChange={(label) => set({ label })}
            error={errors.label}
          />
          <TextField
            label="Address"
            autoComplete="street-address"
            required
            value={location.address}
            onChange={(address) => set({ address })}
            error={errors.address}
          />
          <Coordinates lat={location.lat} lng={location.lng} errors={errors} change={set} />
        </>
      )}
    </AddDialog>
  );
}
