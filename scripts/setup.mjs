// Brings what a fresh clone lacks: packages, native TensorFlow where it can be built, the Temporal program, the compiled source.
// Plain Node without packages, since it runs before there are any; every step is skipped when it is done already.
//   node scripts/setup.mjs [--quiet] [--only=build]
import { main, say, setQuiet, totalSeconds, UserError } from './lib/console.mjs';
import { linkNativeTensorFlow } from './lib/native-tensorflow.mjs';
import { installPackages } from './lib/packages.mjs';
import { checkPlatform } from './lib/platform.mjs';
import { ensureTemporal } from './lib/temporal-binary.mjs';

const options = process.argv.slice(2);
for (const option of options) {
  if (!['--quiet', '--only=build'].includes(option)) throw new UserError(`setup knows --quiet and --only=build, not ${option}.`);
}
setQuiet(options.includes('--quiet'));

await main(async () => {
  checkPlatform();
  await installPackages();
  if (!options.includes('--only=build')) {
    await linkNativeTensorFlow();
    if (!process.env.TEMPORAL_ADDRESS) await ensureTemporal();
  }
  const { build } = await import('./build.mjs'); // needs the packages
  await build();
  say(`Ready to start (set-up took ${totalSeconds()}).`);
});
