import { useEffect, useRef } from 'react';

/** Call `done` once `duration` ms have passed in which it was not paused; from the beginning when `said` is another one. */
export function useCountdown(duration: number, paused: boolean, done: () => void, said = ''): void {
  const left = useRef(duration);
  const then = useRef(done);
  useEffect(() => {
    then.current = done;
  });
  useEffect(() => {
    left.current = duration;
  }, [duration, said]);
  useEffect(() => {
    if (paused) return;
    const since = Date.now();
    const timer = setTimeout(() => then.current(), left.current);
    return () => {
      clearTimeout(timer);
      left.current -= Date.now() - since;
    };
  }, [paused, said]);
}
