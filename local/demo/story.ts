import { vendors } from '../../lib/vendors/registry';
import { phoneOf, type Vendor } from './phones';
import type { Stage } from './stage';

const ENGLISH = 'test text message';
const CHINESE = '晚上一起吃火锅吗？🍲😋';
const PUSH = { decision: 'push (queued)' };
const skip = (reason: string) => ({ decision: `skip (${reason})` });

async function scene(title: string, act: () => Promise<unknown>): Promise<void> {
  console.log(`\n${title}`);
  await act();
}

function nameOf(vendor: Vendor): string {
  const { manufacturer, model } = phoneOf(vendor).facts;
  return `${manufacturer} ${model}`;
}

/** What a phone of the vendor shows that nobody has written. */
function remarkOn(vendor: Vendor): void {
  if (vendor !== 'vivo') return;
  console.log('(vivo refuses texts without Chinese, and tests: they get a beginning and a dot)');
}

/** The last thing the trace has to say of a message that was shown: not every vendor tells that it arrived. */
function endOf(vendor: Vendor): 'accepted' | 'delivered' {
  return vendors[vendor].readReceipts === undefined ? 'accepted' : 'delivered';
}

/** All that happens to a phone, and what becomes of messages meanwhile. */
export async function tellStory(stage: Stage, vendor: Vendor): Promise<void> {
  const alice = `alice-${stage.run}-${vendor}`;
  const carol = `carol-${stage.run}-${vendor}`;
  const phone = phoneOf(vendor);
  const token = phone.makeToken();
  console.log(`\n=== ${vendor}: ${nameOf(vendor)} ===`);
  remarkOn(vendor);
  await scene('Alice logs in', () => stage.logIn(vendor, alice, token));
  await scene('The app is in the foreground', async () => {
    await stage.presence(alice, 'foreground');
    await stage.message(alice, token, ENGLISH, skip('foreground'));
  });
  await scene('It goes to the background, the connection lives', async () => {
    await stage.presence(alice, 'background');
    // iOS gives an app in the background no time to show anything
    const isPushed = phone.facts.platform === 'ios';
    await stage.message(alice, token, ENGLISH, isPushed ? PUSH : skip('connected-in-background'));
  });
  await scene('The user closes the app without logging out', async () => {
    await stage.presence(alice, 'disconnected');
    await stage.message(alice, token, ENGLISH, PUSH);
    const messageId = await stage.message(alice, token, CHINESE, PUSH);
    await stage.trace(messageId, endOf(vendor));
  });
  await scene('Back in the foreground, then the network is lost', async () => {
    await stage.presence(alice, 'foreground');
    await stage.presence(alice, 'disconnected');
    await stage.message(alice, token, ENGLISH, PUSH);
  });
  await scene('Another login kicks the device', async () => {
    await stage.endSession(alice, 'kicked');
    await stage.message(alice, token, ENGLISH, skip('kicked'));
  });
  await scene('Alice logs in again, and out', async () => {
    await stage.logIn(vendor, alice, token);
    await stage.endSession(alice, 'logout');
    await stage.message(alice, token, ENGLISH, skip('logged-out'));
  });
  await scene('Carol logs in on the same phone: the token is hers now', async () => {
    await stage.logIn(vendor, alice, token);
    await stage.logIn(vendor, carol, token);
    await stage.message(alice, token, ENGLISH, skip('no-token'));
    await stage.message(carol, token, CHINESE, PUSH);
  });
  await scene('Alice has a new phone, and deletes the app from it: its token is dead', async () => {
    const dead = deadTokenOf(vendor, stage.run);
    await stage.logIn(vendor, alice, dead);
    const messageId = await stage.message(alice, dead, ENGLISH, { ...PUSH, isLost: true });
    await stage.trace(messageId, 'token-invalid');
    await stage.message(alice, dead, ENGLISH, skip('no-token'));
  });
}

/** One message to a phone whose app is closed. */
export async function tellInShort(stage: Stage, vendor: Vendor): Promise<void> {
  const account = `dave-${stage.run}-${vendor}`;
  const token = phoneOf(vendor).makeToken();
  await scene(`${vendor}: ${nameOf(vendor)}, the app is closed`, async () => {
    remarkOn(vendor);
    await stage.logIn(vendor, account, token);
    const messageId = await stage.message(account, token, CHINESE, PUSH);
    await stage.trace(messageId, endOf(vendor));
  });
}

/** Simulated vendors know such a token as that of a phone without the app. */
function deadTokenOf(vendor: Vendor, run: string): string {
  return vendor === 'apns' ? `dead${run}`.padEnd(64, '0') : `dead-${run}`;
}
