import { expect, test } from 'vitest';

import { parsePair, readCoordinates } from './parse-coordinates';

const palace = { lat: 51.5014, lng: -0.1419 };

test.each([
  '51.5014, -0.1419',
  '51.5014,-0.1419',
  '51.5014 -0.1419',
  '(51.5014, -0.1419)',
  '51,5014, -0,1419',
  '51,5014; -0,1419',
  '51,5014,-0,1419',
  '51,5014 -0,1419',
  '51.5014\u00a0\u22120.1419',
  '51.5014 N, 0.1419 W',
  '51.5014N 0.1419W',
  'N 51.5014, W 0.1419',
  '0.1419 W, 51.5014 N',
  '51.5014° N 0.1419° W',
])('%s is one place', (text) => {
  expect(parsePair(text)).toEqual(palace);
  expect(readCoordinates(text, '')).toEqual(palace);
  expect(readCoordinates('', text)).toEqual(palace);
});

test.each([
  ['51°30\'5.04"N 0°8\'30.84"W', { lat: 51.5014, lng: -0.1419 }],
  ['51°30′5.04″ N, 0°8′30.84″ W', { lat: 51.5014, lng: -0.1419 }],
  ['51 30 5,04 N 0 8 30,84 W', { lat: 51.5014, lng: -0.1419 }],
  ["33° 51.5' S, 151° 12.9' E", { lat: -33.8583333, lng: 151.215 }],
  ['51, -1', { lat: 51, lng: -1 }],
  ['51,-1', { lat: 51, lng: -1 }],
])('%s is read by degrees', (text, place) => {
  expect(parsePair(text)).toEqual(place);
});

test('commas are decimal where each field has its own', () => {
  expect(readCoordinates('1,5', '0,5')).toEqual({ lat: 1.5, lng: 0.5 });
  expect(readCoordinates('51.5', '-0,25')).toEqual({ lat: 51.5, lng: -0.25 });
});

test.each([
  ['51,5', ''],
  ['', '1,5'],
  ['51 30', ''],
  ['51 30', '0.5'],
  ['-51 S', '0.5'],
  ['N 51 N', '0.5'],
  ["51° 75'", '0.5'],
  ["51.5° 30'", '0.5'],
  ['151.2, 33.8', ''],
  ['91', '0.5'],
  ['0.5', '181'],
  ['0.1 W', '51.5'],
  ['51.5.5', '0.5'],
  ['abc', '0.5'],
  ['1e2', '0.5'],
  ['', ''],
])('“%s” / “%s” is refused with a sentence', (lat, lng) => {
  const read = readCoordinates(lat, lng);
  const said = 'errors' in read ? Object.values(read.errors) : [];
  expect(said.length).toBeGreaterThan(0);
  for (const words of said) expect(words).toMatch(/^[A-Z].*\.$/);
});

/** Places all over the world, the same in every run. */
function places(count: number) {
  let seed = 7;
  const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const between = (limit: number) => Math.round((next() * 2 - 1) * limit * 1e6) / 1e6;
  return Array.from({ length: count }, () => ({ lat: between(90), lng: between(180) }));
}

const comma = (value: number) => String(value).replace('.', ',');
const letters = (value: number, [positive, negative]: [string, string]) =>
  `${Math.abs(value)}${value < 0 ? negative : positive}`;

test('every notation of a place is that place, wherever it is', () => {
  for (const { lat, lng } of places(500)) {
    const place = { lat: lat || 0, lng: lng || 0 };
    expect(readCoordinates(`${lat}, ${lng}`, '')).toEqual(place);
    expect(readCoordinates('', `${lat} ${lng}`)).toEqual(place);
    expect(readCoordinates(`${comma(lat)}; ${comma(lng)}`, '')).toEqual(place);
    expect(readCoordinates(comma(lat), comma(lng))).toEqual(place);
    expect(readCoordinates(`${letters(lng, ['E', 'W'])} ${letters(lat, ['N', 'S'])}`, '')).toEqual(place);
  }
});
