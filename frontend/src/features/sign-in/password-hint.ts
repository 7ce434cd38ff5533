export const passwordHint = '8 characters or more; a sentence is easier to remember than a riddle';
