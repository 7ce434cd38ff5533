import { Button as AriaButton, type ButtonProps } from 'react-aria-components';

import './button.css';

interface Props extends Omit<ButtonProps, 'className'> {
  kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** Extra class, for a feature's own layout. */
  place?: string;
}

/** A button that, while pending, keeps its focus and its words, shows progress and cannot be pressed. */
export function Button({ kind = 'plain', place = '', children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={`button button-${kind} ${place}`}>
      {(state) => (
        <>
          {state.isPending && <span className="spinner" aria-hidden="true" />}
          {typeof children === 'function' ? children(state) : children}
        </>
      )}
    </AriaButton>
  );
}
