/**
 * A small shell that outlives a launcher killed by SIGKILL and then stops the launcher's children.
 * It learns the children's ids over its standard input; the end of that input without "quit" means that the launcher is gone.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

// $list holds pid:SIGNAL words. Each child leads a process group, which the last kill empties.
const SCRIPT = `
list=
while read -r word pid signal; do
  case $word in
    add) list="$list $pid:$signal" ;;
    drop) kept=; for one in $list; do [ "\${one%%:*}" = "$pid" ] || kept="$kept $one"; done; list=$kept ;;
    quit) exit 0 ;;
  esac
done
for one in $list; do kill -s "\${one#*:}" "\${one%%:*}" 2>/dev/null; done
for second in 1 2 3 4 5 6 7 8; do
  alive=; for one in $list; do kill -0 "\${one%%:*}" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && break
  sleep 1
done
for one in $list; do kill -s KILL -- "-\${one%%:*}" 2>/dev/null; done
exit 0`;

export class Warden {
  private readonly shell: ChildProcess;

  constructor() {
    this.shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
    this.shell.on('error', () => undefined); // without /bin/sh there is no warden: the next start clears the orphans
    this.shell.stdin?.on('error', () => undefined); // the warden was killed: the same
    this.shell.unref();
  }

  get pid(): number | undefined {
    return this.shell.pid;
  }

  add(pid: number, signal: NodeJS.Signals): void {
    this.shell.stdin?.write(`add ${pid} ${signal.replace('SIG', '')}\n`);
  }

  drop(pid: number): void {
    this.shell.stdin?.write(`drop ${pid}\n`);
  }

  /** Everything was stopped: the warden leaves, too. */
  async quit(): Promise<void> {
    if (this.shell.exitCode !== null || this.shell.signalCode !== null || this.shell.pid === undefined) return;
    const gone = new Promise<void>((resolve) => this.shell.once('exit', () => resolve()));
    this.shell.ref(); // it must not end before the warden has
    this.shell.stdin?.end('quit\n');
    await gone;
  }
}
