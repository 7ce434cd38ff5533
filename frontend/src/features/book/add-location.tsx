import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { addLocation, locations } from '../../api/catalogue';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Plus } from '../../ui/icons';
import { ProblemNote } from '../../ui/problem-note';
import { useSubmit } from '../../ui/use-submit';

import { Coordinates } from './coordinates';
import { readCoordinates, type Pair } from './parse-coordinates';

const blank = { label: '', address: '', lat: '', lng: '' };
const fields = ['label', 'address', 'lat', 'lng'];

export function AddLocation({ onAdded }: { onAdded: (id: string) => void }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [place, setPlace] = useState(blank);
  const read = readCoordinates(place.lat, place.lng);
  const { form, errors, note, isPending, reset } = useSubmit({
    fields,
    check: () => ('errors' in read ? read.errors : {}),
    // Nothing is sent while `check` cannot read the place.
    payload: () => ({ label: place.label, address: place.address, ...(read as Pair) }),
    send: addLocation,
    done: (made) => {
      queries.setQueryData(locations.queryKey, (before) => [...(before ?? []), made]);
      onAdded(made.id);
      setPlace(blank);
      setOpen(false);
    },
  });
  const close = () => {
    reset();
    setOpen(false);
  };
  const set = (part: Partial<typeof blank>) => setPlace((before) => ({ ...before, ...part }));
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        <Plus /> Add an address
      </Button>
      <Dialog title="Add an address" isOpen={isOpen} onClose={close}>
        <form className="stack" {...form}>
          {note && <ProblemNote {...note} />}
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
