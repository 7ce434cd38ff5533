import type { Problem } from '../api/problem';
import { labelOf } from '../words/labels';

/** What a refusal says of each field, by the field's path; list positions are left off. */
export function fieldErrors(problem: Problem | null | undefined): Record<string, string> {
  const said: Record<string, string> = {};
  for (const { path, message } of problem?.body.fields ?? []) said[fieldOf(path)] ??= message;
  return said;
}

const fieldOf = (path: string): string => path.replace(/\.\d+(\..*)?$/, '');

/**
 * What a refusal says besides what stands at a form's fields; null where that is all.
 *
 * fields: the paths of the fields that the form shows.
 */
export function messageBesideFields(problem: Problem, fields: readonly string[] = []): string | null {
  const refused = problem.body.fields ?? [];
  if (!refused.length) return problem.message;
  const sentences = refused
    .filter(({ path }) => !fields.includes(fieldOf(path)))
    .map(({ path, message }) => [labelOf(path), message].filter(Boolean).join(': '));
  return sentences.length ? [...new Set(sentences)].join(' ') : null;
}

/** Bring the first field that is wrong into view and give it the focus. Returns whether there is one. */
export function focusFirstError(form: HTMLElement | null): boolean {
  const wrong = form?.querySelectorAll<HTMLElement>('[aria-invalid="true"]') ?? [];
  const field = [...wrong].map(focusableIn).find(Boolean);
  field?.focus();
  return Boolean(field);
}

const focusable = 'input:not([type="hidden"], :disabled), select, textarea, button:not(:disabled), [tabindex="0"]';

/** A field of several controls is wrong as a group: then the first control has the focus. */
const focusableIn = (field: HTMLElement): HTMLElement | null =>
  field.matches(focusable) ? field : field.querySelector<HTMLElement>(focusable);
