import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';

import type { Dog } from '../../api/types';
import { DogFace } from '../../ui/dog-face';
import { FieldError } from '../../ui/field';
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
    <div className="stack-tight">
      <span className="label" id="dogs-label">
        Who walks with us?
      </span>
      <div className="row">
        <ToggleButtonGroup
          className="row"
          selectionMode="multiple"
          aria-labelledby="dogs-label"
          selectedKeys={chosen}
          onSelectionChange={(keys) => onChange([...keys].map(String))}
        >
          {dogs.map((dog) => (
            <ToggleButton key={dog.id} id={dog.id} className="chip">
              <DogFace name={dog.name} /> {dog.name} {chosen.includes(dog.id) && <Tick />}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        {!dogs.length && <span className="quiet">Tell us about your dog first.</span>}
        <AddDog onAdded={(id) => onChange([...chosen, id])} />
      </div>
      {error && <FieldError>{error}</FieldError>}
    </div>
  );
}
