import { Command, Option } from 'commander';
import { VENDORS, type Vendor } from './demo/phones';
import { Stage } from './demo/stage';
import { tellInShort, tellStory } from './demo/story';

/** Told in full when nobody asks for others. */
const USUAL: readonly Vendor[] = ['xiaomi', 'fcm'];

const program = new Command('npm run demo --')
  .description('Plays what happens to phones, on the stack of `npm start` or on one of its own.')
  .addOption(
    new Option('--vendor <id...>', 'tell only the whole story of phones of these').choices(VENDORS),
  )
  .parse();
// as `choices` has checked
const { vendor: asked } = program.opts<{ vendor?: Vendor[] }>();

const stage = await Stage.open();
try {
  for (const vendor of asked ?? USUAL) await tellStory(stage, vendor);
  if (asked === undefined) {
    console.log('\n=== All others, in short ===');
    for (const vendor of VENDORS) {
      if (!USUAL.includes(vendor)) await tellInShort(stage, vendor);
    }
  }
  const { failures } = stage;
  console.log(failures === 0 ? '\nAll as it should be.' : `\n${failures} scenes went wrong.`);
} finally {
  await stage.close();
}
process.exit(stage.failures === 0 ? 0 : 1);
