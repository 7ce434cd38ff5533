import { useState } from 'react';
import { useNavigate } from 'react-router';

import { problemOf } from '../../api/problem';
import type { Notification } from '../../api/types';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Bell as BellIcon } from '../../ui/icons';
import { ProblemNote } from '../../ui/problem-note';
import { counted } from '../../words/count';

import { NotificationItem } from './notification-item';
import { useMarkAsRead, useNotifications } from './use-notifications';
import './notifications.css';

type Found = ReturnType<typeof useNotifications>;

/** What others did that concerns one: a bell that counts what is unread, and the list behind it. */
export function Bell({ zone }: { zone: string }) {
  const [isOpen, setOpen] = useState(false);
  const found = useNotifications();
  const { unread } = found;
  const close = () => setOpen(false);
  return (
    <>
      <span className="bell">
        <Button
          kind="quiet"
          aria-label={unread ? `Notifications, ${unread} unread` : 'Notifications'}
          onPress={() => setOpen(true)}
        >
          <BellIcon />
          {unread > 0 && (
            <span className="bell-count" aria-hidden="true">
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </Button>
      </span>
      <Dialog title="Notifications" isOpen={isOpen} onClose={close}>
        <NotificationList found={found} zone={zone} close={close} />
      </Dialog>
    </>
  );
}

function NotificationList({ found, zone, close }: { found: Found; zone: string; close: () => void }) {
  const { list, items, unread } = found;
  const marking = useMarkAsRead();
  const navigate = useNavigate();
  const go = (one: Notification) => {
    if (!one.read_at) marking.mutate(one.id);
    close();
    void navigate('/bookings');
  };
  if (list.error && !list.data)
    return <ProblemNote problem={problemOf(list.error)} onRetry={() => void list.refetch()} />;
  if (!list.data) return <div className="skeleton skeleton-box" aria-hidden="true" />;
  if (items.length === 0)
    return <p className="quiet">Nothing yet. What others book with you or cancel shows up here.</p>;
  return (
    <>
      <ul className="notifications">
        {items.map((one) => (
          <NotificationItem key={one.id} one={one} zone={zone} go={() => go(one)} />
        ))}
      </ul>
      <div className="notifications-do">
        {list.hasNextPage && (
          <Button onPress={() => void list.fetchNextPage()} isPending={list.isFetchingNextPage}>
            Show older ones
          </Button>
        )}
        {unread > 0 && (
          <Button onPress={() => marking.mutate(null)} isPending={marking.isPending}>
            Mark {counted(unread, 'notification')} as read
          </Button>
        )}
      </div>
    </>
  );
}
