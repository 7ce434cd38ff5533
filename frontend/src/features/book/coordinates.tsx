import { useState } from 'react';

import { Button } from '../../ui/button';
import { FieldError, TextField } from '../../ui/field';
import { Pin, Tick } from '../../ui/icons';

interface Props {
  lat: string;
  lng: string;
  errors: Record<string, string>;
  change: (part: { lat?: string; lng?: string }) => void;
}

/** Where the address is on the map, which travel times are counted from: where the customer is now, or typed. */
export function Coordinates({ lat, lng, errors, change }: Props) {
  const [failed, setFailed] = useState<string>();
  const [isLocating, setLocating] = useState(false);
  const locate = () => {
    setLocating(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        change({ lat: coords.latitude.toFixed(6), lng: coords.longitude.toFixed(6) });
        setFailed(undefined);
        setLocating(false);
      },
      () => {
        setFailed('Your device did not tell us where you are. Fill in the coordinates below.');
        setLocating(false);
      },
      { timeout: 10_000 },
    );
  };
  return (
    <div className="stack-tight">
      <div className="row">
        <Button onPress={locate} isPending={isLocating}>
          <Pin /> Use my current location
        </Button>
        {lat && lng && (
          <span className="green">
            <Tick /> On the map
          </span>
        )}
      </div>
      {failed && <FieldError>{failed}</FieldError>}
      <p className="field-hint">
        We plan the walker&rsquo;s way with it. Every map shows these two numbers when you press long on a place.
      </p>
      <div className="pair">
        <TextField
          label="Latitude"
          type="number"
          step="any"
          min={-90}
          max={90}
          required
          value={lat}
          onChange={(value) => change({ lat: value })}
          error={errors.lat}
        />
        <TextField
          label="Longitude"
          type="number"
          step="any"
          min={-180}
          max={180}
          required
          value={lng}
          onChange={(value) => change({ lng: value })}
          error={errors.lng}
        />
      </div>
    </div>
  );
}
