/** Drawn in the text's colour and size; the word beside an icon says the same, so icons are hidden from screen readers. */

const draw = (path: string, filled = false) =>
  function Icon() {
    return (
      <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        <path
          d={path}
          fill={filled ? 'currentColor' : 'none'}
          stroke={filled ? 'none' : 'currentColor'}
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    );
  };

export const Tick = draw('M4 10.5 8.2 14.5 16 6');
export const Cross = draw('M5 5 15 15 M15 5 5 15');
export const Plus = draw('M10 4V16 M4 10H16');
export const Chevron = draw('M7 4.5 13 10 7 15.5');
export const Warning = draw('M10 2.5 18.5 17.5H1.5Z M10 8V12 M10 14.8V14.9');
export const Stop = draw('M10 1.8A8.2 8.2 0 1 0 10 18.2 8.2 8.2 0 1 0 10 1.8Z M7 7 13 13 M13 7 7 13');
export const Info = draw('M10 1.8A8.2 8.2 0 1 0 10 18.2 8.2 8.2 0 1 0 10 1.8Z M10 9V14 M10 6V6.1');
export const Pin = draw(
  'M10 18C10 18 16 12.4 16 8A6 6 0 1 0 4 8C4 12.4 10 18 10 18Z M10 10.2A2.2 2.2 0 1 0 10 5.8 2.2 2.2 0 1 0 10 10.2Z',
);
export const Bell = draw('M4.5 14.5V9A5.5 5.5 0 0 1 15.5 9V14.5L17 16H3Z M8.2 18H11.8');
export const CalendarIcon = draw('M3.5 5.5H16.5V16.5H3.5Z M3.5 9H16.5 M7 3V6.5 M13 3V6.5');
export const List = draw('M4 5.5H4.1 M4 10H4.1 M4 14.5H4.1 M8 5.5H17 M8 10H17 M8 14.5H17');
export const Back = draw('M4 8H12.5A4 4 0 0 1 12.5 16H9 M7.5 4.5 4 8 7.5 11.5');
export const Paw = draw(
  'M10 10.2c2.6 0 4.6 2.1 4.6 4.2 0 1.8-1.7 2.6-4.6 2.6s-4.6-.8-4.6-2.6c0-2.1 2-4.2 4.6-4.2ZM4 7.3c1 0 1.8 1 1.8 2.2S5 11.7 4 11.7 2.2 10.7 2.2 9.500 3 7.300 4 7.300ZM7.500 3c1.100 0 1.900 1.100 1.900 2.400S8.600 7.800 7.500 7.800 5.600 6.700 5.600 5.400 6.400 3 7.500 3ZM12.500 3c1.100 0 1.900 1.100 1.900 2.400s-.8 2.400-1.900 2.400-1.900-1.100-1.900-2.400S11.400 3 12.500 3ZM16 7.300c1 0 1.800 1 1.800 2.200s-.8 2.200-1.800 2.200-1.800-1-1.800-2.200.8-2.200 1.800-2.200Z',
  true,
);
