import './dog-face.css';

const hues = 6;

/** A round picture of a dog: where there is none, its initial on a colour that its name always gets. */
export function DogFace({ name }: { name: string }) {
  const hue = Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % hues;
  return (
    <span className={`dog-face dog-face-${hue}`} aria-hidden="true">
      {Array.from(name.trim())[0]?.toUpperCase() ?? '?'}
    </span>
  );
}
