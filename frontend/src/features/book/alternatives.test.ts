import { expect, test } from 'vitest';

import { choiceWords } from './alternatives';
import { alternative, planContext } from './example-plan';

const told = (text: string) => choiceWords(alternative('2027-01-11', text), '09:00', planContext);

test('a choice is told by what it changes', () => {
  expect(told('Priya 09:00')).toBe('with Priya, instead of Sam');
  expect(told('Sam 10:45')).toBe('with Sam, instead of 09:00');
  expect(told('Priya 10:45')).toBe('with Priya, instead of 09:00 with Sam');
});
