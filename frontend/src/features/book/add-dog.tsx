import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { addDog, dogs } from '../../api/catalogue';
import { problemOf } from '../../api/problem';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { fieldErrors } from '../../ui/field-errors';
import { Plus } from '../../ui/icons';
import { ProblemNote } from '../../ui/problem-note';
import { notifyProblem } from '../../ui/toasts/notify';

const blank = { name: '', breed: '', notes: '' };

export function AddDog({ onAdded }: { onAdded: (id: string) => void }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [dog, setDog] = useState(blank);
  const adding = useMutation({
    mutationFn: () => addDog({ name: dog.name, breed: dog.breed || null, notes: dog.notes || null }),
    onSuccess: (made) => {
      queries.setQueryData(dogs.queryKey, (before) => [...(before ?? []), made]);
      onAdded(made.id);
      setDog(blank);
      setOpen(false);
    },
    onError: (error) => notifyProblem(error, () => adding.mutate()),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    event.stopPropagation();
    adding.mutate();
  };
  const problem = adding.error && problemOf(adding.error);
  const errors = fieldErrors(problem);
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        <Plus /> Add a dog
      </Button>
      <Dialog title="Add a dog" isOpen={isOpen} onClose={() => setOpen(false)}>
        <form className="stack" onSubmit={submit}>
          {problem && <ProblemNote problem={problem} onRetry={() => adding.mutate()} />}
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
            <Button onPress={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" kind="primary" isPending={adding.isPending}>
              Add
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
