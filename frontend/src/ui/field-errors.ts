import type { Problem } from '../api/problem';

/** What a refusal says of each field, as a sentence, by the field's path; list positions are left off. */
export function fieldErrors(problem: Problem | null | undefined): Record<string, string> {
  const said: Record<string, string> = {};
  for (const { path, message } of problem?.body.fields ?? []) {
    const name = path.replace(/\.\d+(\..*)?$/, '');
    said[name] ??= `This ${message}${/[.!?]$/.test(message) ? '' : '.'}`;
  }
  return said;
}
