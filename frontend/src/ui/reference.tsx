import { useState } from 'react';

import { Button } from './button';

/** What support asks for: the correlation id, small and copyable. */
export function Reference({ id }: { id: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    // Without permission for the clipboard the text can still be selected by hand.
    navigator.clipboard.writeText(id).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <details className="reference">
      <summary>Details</summary>
      <span>
        Reference <code>{id}</code>
      </span>
      <Button kind="quiet" onPress={copy}>
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </details>
  );
}
