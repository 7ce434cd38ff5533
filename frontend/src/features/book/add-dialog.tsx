import { useState, type ReactNode } from 'react';

import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Plus } from '../../ui/icons';
import { ProblemNote } from '../../ui/problem-note';
import { useSubmit, type SubmitOptions } from '../../ui/use-submit';

interface Props<P, R> extends SubmitOptions<P, R> {
  /** "Add a dog": on the button and over the form. */
  title: string;
  /** The form's fields. Gets what is wrong with them, by their paths. */
  children: (errors: Record<string, string>) => ReactNode;
}

/** A button, and the form that it opens. What was typed stays until it has been added. */
export function AddDialog<P, R>({ title, children, done, ...options }: Props<P, R>) {
  const [isOpen, setOpen] = useState(false);
  const { form, errors, note, isPending, reset } = useSubmit({
    ...options,
    done: (made: R) => {
      setOpen(false);
      return done?.(made);
    },
  });
  const close = () => {
    reset();
    setOpen(false);
  };
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        <Plus /> {title}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={close}>
        <form className="stack" {...form}>
          {note && <ProblemNote {...note} />}
          {children(errors)}
          <div className="dialog-end">
            <Button onPress={close}>Cancel</Button>
            <Button type="submit" kind="primary" isPending={isPending}>
              Add
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
