import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { addDog, dogs } from '../../api/catalogue';
import { TextField } from '../../ui/field';

import { AddDialog } from './add-dialog';

const blank = { name: '', breed: '', notes: '' };
const fields = ['name', 'breed', 'notes'];

export function AddDog({ onAdded }: { onAdded: (id: string) => void }) {
  const queries = useQueryClient();
  const [dog, setDog] = useState(blank);
  return (
    <AddDialog
      title="Add a dog"
      fields={fields}
      payload={() => ({ name: dog.name, breed: dog.breed || null, notes: dog.notes || null })}
      send={addDog}
      done={(made) => {
        queries.setQueryData(dogs.queryKey, (before) => [...(before ?? []), made]);
        onAdded(made.id);
        setDog(blank);
      }}
    >
      {(errors) => (
        <>
          <TextField
            label="Name"
            required
            value={dog.name}
            onChange={(name) => setDog({ ...dog, name })}
            error={errors.name}
          />
          <TextField
            label="Breed (optional)"
            value={dog.breed}
            onChange={(breed) => setDog({ ...dog, breed })}
            error={errors.breed}
          />
          <TextField
            label="Notes for the walker (optional)"
            hint="Pulls on the lead, must not eat chicken, afraid of scooters"
            value={dog.notes}
            onChange={(notes) => setDog({ ...dog, notes })}
            error={errors.notes}
          />
        </>
      )}
    </AddDialog>
  );
}
