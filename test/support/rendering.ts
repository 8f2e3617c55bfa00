import { createHash } from 'node:crypto';
import { type AppSettings, DEFAULT_APP_SETTINGS } from '../../lib/model/app-settings';
import type { MessageEvent } from '../../lib/model/message-event';
import type { Notification } from '../../lib/model/notification';
import { createRenderer, type RenderFacts, type Viewer } from '../../lib/rules/render-notification';
import { ABILITIES } from '../../lib/usecases/check-payloads';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** What an app with these settings makes of a message. */
export function renderer(
  event: MessageEvent,
  settings: Partial<AppSettings> = {},
  hash: RenderFacts['hash'] = sha256,
): (viewer: Viewer) => Notification {
  return createRenderer(event, {
    settings: { ...DEFAULT_APP_SETTINGS, ...settings },
    abilities: ABILITIES,
    hash,
  });
}

/** What is shown on a Xiaomi phone that names no language, unless the viewer says otherwise. */
export function rendered(
  event: MessageEvent,
  viewer: Partial<Viewer> = {},
  settings: Partial<AppSettings> = {},
): Notification {
  return renderer(event, settings)({ vendor: 'xiaomi', languages: [], ...viewer });
}
