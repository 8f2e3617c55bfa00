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
