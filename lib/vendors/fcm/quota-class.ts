import type { QuotaClassOf } from '../../model/quota';
import { fieldsOf } from './payload';

/** Collapsible messages have a collapse key (https://firebase.google.com/docs/cloud-messaging/concept-options, checked 2026-11-24). */
export const quotaClassOf: QuotaClassOf = ({ fields }) =>
  fieldsOf(fields).message.android?.collapse_key === undefined ? 'plain' : 'collapsible';
