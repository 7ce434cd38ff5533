import { expect, test } from 'vitest';

import { shortNameOf } from './short-name';

test.each([
  ['Riverside Walks', 'riverside-walks'],
  ['Münchner Café', 'munchner-cafe'],
  ['Große Söhne', 'grosse-sohne'],
  ['Łódź Ærø', 'lodz-aero'],
  ["Ann's & Bob’s dogs", 'anns-bobs-dogs'],
  ['  🐶 Paws! 🐶 ', 'paws'],
  ['Собаки', ''],
])('%s suggests %s', (name, shortName) => {
  expect(shortNameOf(name)).toBe(shortName);
});

test('a long name suggests a short name that is never refused', () => {
  expect(shortNameOf(`${'a'.repeat(39)} walks`)).toBe('a'.repeat(39));
});
