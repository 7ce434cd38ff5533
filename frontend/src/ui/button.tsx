import { Button as AriaButton, type ButtonProps } from 'react-aria-components';

import './button.css';

interface Props extends Omit<ButtonProps, 'className'> {
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
}

/**
 * A button that, while pending, keeps its focus and its words, shows progress and cannot be pressed.
 *
 * The library's own `isPending` leaves an announcement behind that names the button even after it has gone.
 */
export function Button({ kind = 'plain', isPending = false, type = 'button', onPress, children, ...rest }: Props) {
  return (
    <AriaButton
      {...rest}
      {...(onPress && !isPending && { onPress })}
      type={isPending ? 'button' : type}
      aria-disabled={isPending || undefined}
      className={`button button-${kind}${isPending ? ' button-pending' : ''}`}
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
