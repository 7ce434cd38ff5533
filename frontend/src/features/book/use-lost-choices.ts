import { useState } from 'react';

import type { Occurrence } from '../../api/types';

import { lostChoices, undo, type LostChoice } from './choices';
import type { useDraft } from './use-draft';

/** What a kept draft chose and is no longer offered: dropped once the preview has come, and named until the next change. */
export function useLostChoices(
  occurrences: readonly Occurrence[] | null,
  { draft, adjust }: Pick<ReturnType<typeof useDraft>, 'draft' | 'adjust'>,
) {
  const [isChecked, setChecked] = useState(!Object.keys(draft.choices.instead).length);
  const [lost, setLost] = useState<readonly LostChoice[]>([]);
  if (!isChecked && occurrences) {
    const gone = lostChoices(draft.choices, occurrences);
    setChecked(true);
    setLost(gone);
    const dates = gone.map(({ date }) => date);
    if (dates.length) adjust({ choices: undo(draft.choices, dates) });
  }
  return { lost, forget: () => setLost([]) };
}
