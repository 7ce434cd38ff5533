import { useState, type ClipboardEvent, type FocusEvent } from 'react';

import { Button } from '../../ui/button';
import { FieldError, TextField } from '../../ui/field';
import { Pin, Tick } from '../../ui/icons';

import { parsePair, readCoordinates } from './parse-coordinates';

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
  // Not while somebody types: "51.5, 0" is a pair already.
  const split = (text: string): boolean => {
    const pair = parsePair(text);
    if (pair) change({ lat: String(pair.lat), lng: String(pair.lng) });
    return pair !== null;
  };
  const both = {
    onPaste: (event: ClipboardEvent) => split(event.clipboardData.getData('text')) && event.preventDefault(),
    onBlur: (event: FocusEvent<HTMLInputElement>) => void split(event.target.value),
  };
  return (
    <div className="stack-tight">
      <div className="row">
        <Button onPress={locate} isPending={isLocating}>
          <Pin /> Use my current location
        </Button>
        {!('errors' in readCoordinates(lat, lng)) && (
          <span className="green">
            <Tick /> On the map
          </span>
        )}
      </div>
      {failed && <FieldError>{failed}</FieldError>}
      <p className="field-hint">
        We plan the walker&rsquo;s way with it. Every map shows these two numbers when you press long on a place; paste
        them both into either field.
      </p>
      <div className="pair">
        <TextField
          label="Latitude"
          required={!lng}
          value={lat}
          onChange={(value) => change({ lat: value })}
          {...both}
          error={errors.lat}
        />
        <TextField
          label="Longitude"
          required={!lat}
          value={lng}
          onChange={(value) => change({ lng: value })}
          {...both}
          error={errors.lng}
        />
      </div>
    </div>
  );
}
