import { useQueryClient } from '@tanstack/react-query';

import { forgetProblems, notifyDone, notifyProblem, notifyUndoable } from '../../ui/toasts/notify';
import { counted } from '../../words/count';

import { cancelledInWords, type Cancelled } from './cancelling';

/** Say what was cancelled, offer to undo it, and read the lists anew. */
export function useTellCancelled() {
  const queries = useQueryClient();
  const readAnew = () =>
    Promise.all(['bookings', 'series'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  return (what: Cancelled) => {
    const restore = async () => {
      try {
        await what.undo();
        forgetProblems();
        notifyDone(`${counted(what.count, 'walk is', 'walks are')} on again.`);
      } catch (error) {
        notifyProblem(error, () => void restore());
      }
      await readAnew();
    };
    notifyUndoable(cancelledInWords(what), () => void restore());
    return readAnew();
  };
}
