import type { MessageClass } from '../../model/app-settings';
import type { Notification } from '../../model/notification';

/** How a notification makes itself heard, in Huawei's terms. */
export interface HuaweiAlert {
  readonly importance: 'LOW' | 'NORMAL';
  readonly channel_id?: string;
  readonly sound?: string;
  readonly default_sound?: boolean;
  readonly use_default_vibrate?: boolean;
}

/**
 * LOW is shown without sound and vibration; whether a message is marketing goes by its category. On Android 8 and later the
 * channel decides on sound and vibration once the phone has it. HMSCore-References/https-send-api-0000001050986197 (2025-08).
 */
export function alertOf(
  { alert, channelId, sound }: Notification,
  messageClass: MessageClass = {},
): HuaweiAlert {
  const channel = messageClass.channelId ?? channelId;
  const file = alert?.sound === false ? undefined : rawFileOf(sound);
  const isSilent = alert?.sound === false && !alert.vibration;
  return {
    importance: isSilent || messageClass.importance === 'low' ? 'LOW' : 'NORMAL',
    ...(channel === undefined ? {} : { channel_id: channel }),
    ...(file === undefined ? {} : { sound: file }),
    ...(file !== undefined || alert?.sound === false ? { default_sound: false } : {}),
    ...(alert?.vibration === false ? { use_default_vibrate: false } : {}),
  };
}

/** Android names files in `res/raw` without their ending; a name that cannot be one says nothing. */
function rawFileOf(sound: string | undefined): string | undefined {
  const name = /^(?:\/raw\/)?(\w+)(?:\.\w+)?$/.exec(sound ?? '')?.[1];
  return name === undefined ? undefined : `/raw/${name}`;
}
