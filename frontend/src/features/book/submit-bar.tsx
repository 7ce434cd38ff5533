import { Button } from '../../ui/button';
import { counted } from '../../words/count';

import type { Plan } from './plan';

interface Props {
  plan: Plan | null;
  isChecking: boolean;
  isPending: boolean;
  onCancel: () => void;
}

/** The button says what will happen, in numbers. */
function wordsOf(plan: Plan | null): string {
  if (!plan) return 'Book walks';
  if (plan.made === 0) return 'No date is free';
  return plan.skipped + plan.leftOut
    ? `Create ${counted(plan.made, 'available booking')}`
    : `Book ${counted(plan.made, 'walk')}`;
}

export function SubmitBar({ plan, isChecking, isPending, onCancel }: Props) {
  return (
    <div className="submit-bar">
      <Button
        type="submit"
        kind="primary"
        isPending={isPending}
        isDisabled={!isPending && (isChecking || plan?.made === 0)}
      >
        {isPending ? 'Booking…' : isChecking ? 'Checking the dates…' : wordsOf(plan)}
      </Button>
      <Button onPress={onCancel} isDisabled={isPending}>
        Cancel
      </Button>
      {plan && plan.skipped > 0 && plan.made > 0 && (
        <span className="quiet">{counted(plan.skipped, 'date')} will be skipped.</span>
      )}
    </div>
  );
}
