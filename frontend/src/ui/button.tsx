import { Button as AriaButton, type ButtonProps } from 'react-aria-components';

import './button.css';

interface Props extends Omit<ButtonProps, 'className'> {
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
}

/**
 * A button that keeps its focus when it cannot be pressed: while pending, when it also shows progress, and while it is disabled.
 *
 * The browser takes the focus from what it disables itself. Only what sends a form is disabled that way: the browser then does not
 * send the form by Enter either. The library's own `isPending` leaves an announcement behind that names the button even after it
 * has gone.
 */
export function Button({ kind = 'plain', isPending = false, isDisabled = false, type = 'button', ...rest }: Props) {
  const { onPress, children, ...others } = rest;
  const isOff = isPending || isDisabled;
  const look = isPending ? ' button-pending' : isDisabled ? ' button-disabled' : '';
  return (
    <AriaButton
      {...others}
      {...(onPress && !isOff && { onPress })}
      type={isPending ? 'button' : type}
      isDisabled={isDisabled && !isPending && type === 'submit'}
      aria-disabled={isOff || undefined}
      className={`button button-${kind}${look}`}
    >
      {(state) => (
        <>
          {isPending && <span className="spinner" aria-hidden="true" />}
          {typeof children === 'function' ? children(state) : children}
        </>
      )}
    </AriaButton>
  );
}
