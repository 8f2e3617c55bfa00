import { sha256 } from '../../lib/aws/fingerprint';
import type { Account, Device } from '../../lib/model/account';
import type { AppSettings } from '../../lib/model/app-settings';
import type { MessageEvent } from '../../lib/model/message-event';
import { ABILITIES } from '../../lib/usecases/check-payloads';
import { decideMessage } from '../../lib/usecases/decide-messages';
import { planPushes } from '../../lib/usecases/plan-pushes';
import { aCertificateEntry, anAccount, anApp, NOW } from './builders';

/** The pushes that come of a message to the owners of these devices. */
export function planned(
  event: MessageEvent,
  owners: Readonly<Record<string, Device>>,
  settings: Partial<AppSettings> = {},
  ofAccount: Partial<Account> = {},
) {
  const accounts = Object.entries(owners).map(
    ([accountId, device]) => [accountId, anAccount([device], { accountId, ...ofAccount })] as const,
  );
  const vendors = [...ABILITIES.keys()].map((vendor) => aCertificateEntry(vendor));
  const situation = {
    app: anApp(vendors, settings),
    accounts: new Map(accounts),
    heartbeats: new Map(),
    now: NOW,
  };
  const recipients = Object.keys(owners).map(
    (accountId) => event.recipients.find((one) => one.accountId === accountId) ?? { accountId },
  );
  const facts = { situation, abilities: ABILITIES, hash: sha256 };
  return planPushes(decideMessage({ ...event, recipients }, situation), facts);
}
