// What the machine must offer before anything is installed.
import { UserError } from './console.mjs';

const supported = ([major, minor]) => (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

/** @throws UserError when this Node or this system cannot run Lastgang */
export function checkPlatform(version = process.versions.node, platform = process.platform) {
  if (!supported(version.split('.').map(Number))) {
    throw new UserError(
      `Node ${version} cannot run Lastgang: install Node 20.19 or later, or 22.12 or later (https://nodejs.org), then start again.`,
    );
  }
  if (platform === 'win32')
    throw new UserError('Lastgang runs on Linux and macOS: on Windows use it inside WSL 2 (https://learn.microsoft.com/windows/wsl).');
}
