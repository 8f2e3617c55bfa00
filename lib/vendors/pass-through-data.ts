import { isJsonObject, type JsonObject, jsonOf } from '../model/json-of';
import type { Notification } from '../model/notification';
import { fitJsonText } from './fit-json-text';

const TITLE_BYTES = 512;
const BODY_BYTES = 1_024;

/** A field's own `data`, JSON in a text, with our custom data under it; what is no object takes nothing in. */
export function joinedData(
  own: JsonObject | undefined,
  given: string | undefined,
): string | undefined {
  if (given === undefined) return own && JSON.stringify(own);
  const object = jsonOf(given);
  return own && isJsonObject(object) ? JSON.stringify({ ...own, ...object }) : given;
}

/**
 * The data of a message that only the app sees: what the field says with our custom data under it, or, where it says nothing,
 * the texts, so that the app can show them. In the order in which they are to be tried for size.
 */
export function passThroughData(
  { body, data, title }: Notification,
  given: string | undefined,
): readonly string[] {
  if (given !== undefined) return [joinedData(data, given) ?? given, given];
  const texts = {
    title: fitJsonText(title.toWellFormed(), TITLE_BYTES),
    body: fitJsonText(body.toWellFormed(), BODY_BYTES),
  };
  return [JSON.stringify({ ...texts, ...data }), JSON.stringify(texts)];
}
