import type { Certificate } from '../model/certificate';
import type { SendOutcome } from '../model/send-outcome';
import type { Clock } from '../model/time';
import type { TokenLossCounter } from '../model/token-losses';
import { isMassFailure, RECENT_FATES } from '../rules/mass-failure';

/** Keeps a wrong setting from costing an app all its tokens: one for each certificate in a container. */
export interface TokenGuard {
  /** Whether these tokens, which the vendor calls invalid, are to be kept all the same. `accepted` went well meanwhile. */
  doubts(fates: { readonly accepted: number; readonly invalid: number }): Promise<boolean>;
}

export function createTokenGuard(
  { vendor, appKey, name: certificate }: Pick<Certificate, 'vendor' | 'appKey' | 'name'>,
  { losses, clock }: { readonly losses: TokenLossCounter; readonly clock: Clock },
): TokenGuard {
  let accepted = 0;
  let invalid = 0;
  return {
    async doubts(fates) {
      accepted += fates.accepted;
      invalid += fates.invalid;
      // older outcomes weigh less and less
      const shrink = Math.min(1, RECENT_FATES / Math.max(1, accepted + invalid));
      accepted *= shrink;
      invalid *= shrink;
      if (fates.invalid === 0) return false;
      const lost = await losses.add({ vendor, appKey, certificate }, fates.invalid, clock.now());
      return isMassFailure({ accepted, invalid }, lost);
    },
  };
}

/** Outcomes in which doubted losses have become a matter of configuration, so that nothing is forgotten. */
export async function guardTokens<Sent extends { readonly outcome: SendOutcome }>(
  sent: readonly Sent[],
  guard: TokenGuard,
): Promise<readonly Sent[]> {
  const count = (kind: SendOutcome['kind']) =>
    sent.filter(({ outcome }) => outcome.kind === kind).length;
  const fates = { accepted: count('accepted'), invalid: count('token-invalid') };
  // a count that cannot be kept is no reason to send again what was sent, and none to forget tokens
  if (!(await guard.doubts(fates).catch(() => true))) return sent;
  return sent.map((one) =>
    one.outcome.kind === 'token-invalid' ? { ...one, outcome: doubted(one.outcome) } : one,
  );
}

function doubted({ reason }: Extract<SendOutcome, { kind: 'token-invalid' }>): SendOutcome {
  const text = `nearly every token is called invalid (${reason.code}: ${reason.text})`;
  return { kind: 'misconfigured', reason: { code: 'mass-failure', text } };
}
