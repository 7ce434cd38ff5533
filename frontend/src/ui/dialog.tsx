import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import { Button } from './button';
import { Cross } from './icons';
import './dialog.css';

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** A question that must be answered before anything else is announced as an alert. */
  role?: 'dialog' | 'alertdialog';
}

export function Dialog({ title, isOpen, onClose, children, role = 'dialog' }: Props) {
  return (
    <ModalOverlay className="veil" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="modal">
        <AriaDialog className="dialog" role={role} ref={holdFocus}>
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button kind="quiet" aria-label="Close" onPress={onClose}>
              <Cross />
            </Button>
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What a form asks first; of a question without fields the answer that changes nothing. null: the dialog itself has the focus. */
const firstOf = (dialog: HTMLElement): HTMLElement | null =>
  dialog.querySelector<HTMLElement>('form input:checked') ??
  dialog.querySelector<HTMLElement>('form :is(input, select, textarea)') ??
  dialog.querySelector<HTMLElement>('form .dialog-end button');

/**
 * A control that goes while it has the focus takes the focus along, and the next key (Escape, say) would reach nobody: the
 * library brings the focus back only a frame later. React tells of no event while it removes things, so this is the browser's own.
 */
function holdFocus(dialog: HTMLElement | null) {
  if (dialog) firstOf(dialog)?.focus();
  dialog?.addEventListener('focusout', ({ target, relatedTarget }) => {
    if (target !== dialog && !relatedTarget && document.activeElement === document.body) dialog.focus();
  });
}
