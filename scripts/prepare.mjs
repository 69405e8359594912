// prestart and pretest: installs and builds what is missing, and does nothing when all is there.
import { install, stale, step } from './steps.mjs';

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Node ${process.versions.node} is too old: version 20 or newer is needed (nodejs.org).`);
  process.exit(1);
}
install();
if (stale()) {
  console.error('Building ...');
  step('Building', process.execPath, ['scripts/build.mjs'], 'The messages above say what is wrong.');
}
