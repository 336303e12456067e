/** Imported before everything else, so that an old Node gets a sentence instead of a syntax error. */
const [major, minor] = process.versions.node.split('.').map(Number);
const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

if (!isSupported) {
  console.error(
    `Limner needs Node 20.19 or newer, or 22.12 or newer. This is Node ${process.versions.node}.`,
  );
  console.error('Install the current LTS from https://nodejs.org and run the command again.');
  process.exit(1);
}
