import { useEffect, useState } from 'react';

/** Says when the time is over that the server asked to wait. */
export function WaitIsOver({ wait_s }: { wait_s: number }) {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), wait_s * 1000);
    return () => clearTimeout(timer);
  }, [wait_s]);
  return (
    <p role="status" className={isOver ? undefined : 'visually-hidden'}>
      {isOver && 'You can try again now.'}
    </p>
  );
}
