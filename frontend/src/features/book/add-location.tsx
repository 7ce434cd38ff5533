import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { addLocation, locations } from '../../api/catalogue';
import { problemOf } from '../../api/problem';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { fieldErrors } from '../../ui/field-errors';
import { Plus } from '../../ui/icons';
import { ProblemNote } from '../../ui/problem-note';
import { notifyProblem } from '../../ui/toasts/notify';

import { Coordinates } from './coordinates';

const blank = { label: '', address: '', lat: '', lng: '' };

export function AddLocation({ onAdded }: { onAdded: (id: string) => void }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [place, setPlace] = useState(blank);
  const adding = useMutation({
    mutationFn: () =>
      addLocation({ label: place.label, address: place.address, lat: Number(place.lat), lng: Number(place.lng) }),
    onSuccess: (made) => {
      queries.setQueryData(locations.queryKey, (before) => [...(before ?? []), made]);
      onAdded(made.id);
      setPlace(blank);
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
  const set = (part: Partial<typeof blank>) => setPlace((before) => ({ ...before, ...part }));
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        <Plus /> Add an address
      </Button>
      <Dialog title="Add an address" isOpen={isOpen} onClose={() => setOpen(false)}>
        <form className="stack" onSubmit={submit}>
          {problem && <ProblemNote problem={problem} onRetry={() => adding.mutate()} />}
          <TextField
            label="Name"
            hint="Such as Home"
            required
            value={place.label}
            onChange={(label) => set({ label })}
            error={errors.label}
          />
          <TextField
            label="Address"
            autoComplete="street-address"
            required
            value={place.address}
            onChange={(address) => set({ address })}
            error={errors.address}
          />
          <Coordinates lat={place.lat} lng={place.lng} errors={errors} change={set} />
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
