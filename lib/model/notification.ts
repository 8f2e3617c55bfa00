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
  /** Custom keys that reach the app on a click. */
  readonly data: Readonly<Record<string, string>>;
}
