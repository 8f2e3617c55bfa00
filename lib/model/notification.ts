import type { JsonObject } from './json-of';

/** What the user is to see, before any vendor's limits and field names. */
export interface Notification {
  readonly title: string;
  readonly body: string;
  /** 1..2,147,483,647, from the message id: a repeat overwrites instead of showing twice. */
  readonly notifyId: number;
  /** At most 12 characters of `[0-9A-Za-z-]`: for vendors that drop a repeat by key. */
  readonly dedupeKey: string;
  readonly urgency: 'high' | 'normal';
  /** Key into a certificate's `classes`. */
  readonly messageClass: string;
  /** What a vendor's template may ask for, each as plain text. */
  readonly parts: NotificationParts;
  /** The number on the app's icon: an absolute one, or one to add. */
  readonly badge?: { readonly set: number } | { readonly add: number };
  /** Custom keys that reach the app on a click. */
  readonly data: Readonly<Record<string, string>>;
  /** How it makes itself heard; the phone's own way if absent. */
  readonly alert?: NotificationAlert;
  /** Name of a sound file of the app. */
  readonly sound?: string;
  /** A channel the app itself made on the phone; a certificate's own `channelId` for the class wins. */
  readonly channelId?: string;
  /** The vendor's own fields, checked: members of NIM's `pushPayload` that are this vendor's, such as `hwField`. */
  readonly fields?: JsonObject;
  /** One notification for a whole conversation; the text is made when it is known how many messages it stands for. */
  readonly stack?: NotificationStack;
}

/** Neither of both is a silent notification. */
export interface NotificationAlert {
  readonly sound: boolean;
  readonly vibration: boolean;
}

/** What a conversation's one notification says of the messages it stands for. */
export interface NotificationStack {
  /** With `{count}` and `{text}`, e.g. `[{count}条] {text}`; used from two messages on. */
  readonly text: string;
  /** It makes itself heard at most once in so many seconds; always if absent. */
  readonly alertEverySeconds?: number;
}

/** The pieces a notification's texts are made of. */
export interface NotificationParts {
  /** Who writes. */
  readonly nick: string;
  /** What is said, without the nick. */
  readonly content: string;
  /** The team's name, or who writes. */
  readonly conversation: string;
}
