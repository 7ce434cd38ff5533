import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { addDog, dogs } from '../../api/catalogue';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Plus } from '../../ui/icons';
import { ProblemNote } from '../../ui/problem-note';
import { useSubmit } from '../../ui/use-submit';

const blank = { name: '', breed: '', notes: '' };
const fields = ['name', 'breed', 'notes'];

export function AddDog({ onAdded }: { onAdded: (id: string) => void }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [dog, setDog] = useState(blank);
  const { form, errors, note, isPending, reset } = useSubmit({
    fields,
    payload: () => ({ name: dog.name, breed: dog.breed || null, notes: dog.notes || null }),
    send: addDog,
    done: (made) => {
      queries.setQueryData(dogs.queryKey, (before) => [...(before ?? []), made]);
      onAdded(made.id);
      setDog(blank);
      setOpen(false);
    },
  });
  const close = () => {
    reset();
    setOpen(false);
  };
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        <Plus /> Add a dog
      </Button>
      <Dialog title="Add a dog" isOpen={isOpen} onClose={close}>
        <form className="stack" {...form}>
          {note && <ProblemNote {...note} />}
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
          <div className="dialog-end">
            <Button onPress={close}>Cancel</Button>
            <Button type="submit" kind="primary" isPending={isPending}>
              Add
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
