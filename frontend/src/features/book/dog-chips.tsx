import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';

import type { Dog } from '../../api/types';
import { DogFace } from '../../ui/dog-face';
import { GroupField } from '../../ui/group-field';
import { Tick } from '../../ui/icons';

import { AddDog } from './add-dog';

interface Props {
  dogs: readonly Dog[];
  chosen: string[];
  error: string | undefined;
  onChange: (ids: string[]) => void;
}

export function DogChips({ dogs, chosen, error, onChange }: Props) {
  return (
    <GroupField label="Who walks with us?" error={error}>
      {({ labelId, errorId }) => (
        <div className="row">
          <ToggleButtonGroup
            className="row"
            selectionMode="multiple"
            aria-labelledby={labelId}
            selectedKeys={chosen}
            onSelectionChange={(keys) => onChange([...keys].map(String))}
          >
            {dogs.map((dog) => (
              <ToggleButton key={dog.id} id={dog.id} className="chip" {...(errorId && { 'aria-describedby': errorId })}>
                <DogFace name={dog.name} /> {dog.name} {chosen.includes(dog.id) && <Tick />}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          {!dogs.length && <span className="quiet">Tell us about your dog first.</span>}
          <AddDog onAdded={(id) => onChange([...chosen, id])} />
        </div>
      )}
    </GroupField>
  );
}
