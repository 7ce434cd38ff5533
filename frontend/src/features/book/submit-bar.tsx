import { Button } from '../../ui/button';
import { counted } from '../../words/count';

import type { Plan } from './plan';
import type { Submission } from './submission';
import { buttonOf } from './submission-words';

interface Props {
  state: Submission;
  plan: Plan | null;
  isChecking: boolean;
  onBook: () => void;
  onAsk: () => void;
  onCancel: () => void;
}

export function SubmitBar({ state, plan, isChecking, onBook, onAsk, onCancel }: Props) {
  const { words, does, isBusy } = buttonOf(state, plan, isChecking);
  const doing = { book: onBook, ask: onAsk, look: lookAtTaken, nothing: undefined }[does];
  const isSettled = state.at === 'draft' || state.at === 'checked' || state.at === 'refused';
  return (
    <div className="submit-bar">
      <Button kind="primary" isPending={isBusy} isDisabled={!isBusy && !doing} {...(doing && { onPress: doing })}>
        {words}
      </Button>
      {isSettled && <Button onPress={onCancel}>Cancel</Button>}
      {plan && plan.skipped > 0 && plan.made > 0 && does === 'book' && (
        <span className="quiet">{counted(plan.skipped, 'date')} will be skipped.</span>
      )}
    </div>
  );
}

function lookAtTaken(): void {
  // After the press, which gives the focus to the button.
  requestAnimationFrame(() => {
    const heading = document.getElementById('taken-meanwhile');
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  });
}
