import { useQueryClient } from '@tanstack/react-query';

import { dropProblems, notifyDone, notifyProblem, notifyUndoable } from '../../ui/toasts/notify';
import { counted } from '../../words/count';

import { cancelledWords, type Cancelled } from './cancellation';

/** Say what was cancelled, offer to undo it, and read the lists anew. */
export function useCancelledToast() {
  const queries = useQueryClient();
  const readAnew = () =>
    Promise.all(['bookings', 'series'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  return (what: Cancelled) => {
    const restore = async () => {
      try {
        await what.undo();
        dropProblems();
        notifyDone(`${counted(what.count, 'walk is', 'walks are')} on again.`);
      } catch (error) {
        notifyProblem(error, () => void restore());
      }
      await readAnew();
    };
    notifyUndoable(cancelledWords(what), () => void restore());
    return readAnew();
  };
}
