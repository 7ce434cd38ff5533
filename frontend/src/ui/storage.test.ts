import { afterEach, expect, test, vi } from 'vitest';

import { browserStorage, tabStorage } from './storage';

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

test('what is kept is in the storage of the browser', () => {
  browserStorage.write('kept.a', 'one');
  expect(localStorage.getItem('kept.a')).toBe('one');
  expect(browserStorage.read('kept.a')).toBe('one');
  expect(browserStorage.names('kept.')).toEqual(['kept.a']);
  browserStorage.remove('kept.a');
  expect(browserStorage.read('kept.a')).toBeNull();
});

test('where the storage is full what is kept lives as long as the page', () => {
  browserStorage.write('kept.a', 'one');
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  browserStorage.write('kept.a', 'two');
  expect(browserStorage.read('kept.a')).toBe('two');
  expect(browserStorage.names('kept.')).toEqual(['kept.a']);
  full.mockRestore();
  browserStorage.write('kept.a', 'three');
  expect(localStorage.getItem('kept.a')).toBe('three');
  expect(browserStorage.read('kept.a')).toBe('three');
});

test('where storage is forbidden nothing is thrown', () => {
  vi.spyOn(globalThis, 'sessionStorage', 'get').mockImplementation(() => {
    throw new DOMException('forbidden', 'SecurityError');
  });
  expect(tabStorage.read('kept.b')).toBeNull();
  tabStorage.write('kept.b', 'one');
  expect(tabStorage.read('kept.b')).toBe('one');
  expect(tabStorage.names('kept.')).toEqual(['kept.b']);
  tabStorage.remove('kept.b');
  expect(tabStorage.names('kept.')).toEqual([]);
});
