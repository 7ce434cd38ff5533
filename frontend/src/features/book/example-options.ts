/** What a small business offers, for the tests of this folder. */

import type { Dog, Location, Service, Walker } from '../../api/types';

import type { DraftOptions } from './draft';

export const options: DraftOptions = {
  services: [
    { id: 'walk', name: 'Short walk', kind: 'walk', active: true, price_cents: 1000 },
    { id: 'old', name: 'Old walk', kind: 'walk', active: false, price_cents: 500 },
  ] as Service[],
  dogs: [{ id: 'biscuit', name: 'Biscuit' }] as Dog[],
  locations: [{ id: 'home', label: 'Home' }] as Location[],
  walkers: [{ id: 'sam', name: 'Sam' }] as Walker[],
};

export const friday = '2026-11-27';
