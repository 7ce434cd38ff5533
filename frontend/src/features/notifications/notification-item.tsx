import { Button } from 'react-aria-components';

import { serverNow } from '../../api/clock';
import type { Notification } from '../../api/types';
import { localDate, showDay, showTime } from '../../words/dates';

/** One notification; pressing it reads it and shows the walks. */
export function NotificationItem({ one, zone, go }: { one: Notification; zone: string; go: () => void }) {
  const day = showDay(localDate(one.created_at, zone), localDate(serverNow(), zone));
  return (
    <li>
      <Button className={`notification${one.read_at ? '' : ' notification-unread'}`} onPress={go}>
        <span className="notification-title">
          {!one.read_at && <span className="visually-hidden">New: </span>}
          {one.title}
        </span>
        <span className="notification-body">{one.body}</span>
        <span className="notification-when">
          {day}, {showTime(one.created_at, zone)}
        </span>
      </Button>
    </li>
  );
}
