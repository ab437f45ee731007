// A JupyterLab of our own: its directories are temporary, its port is free, and
// nothing of it is left when stop() returns.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

// startLab serves root. install is called with the environment in which it may
// install kernels before the server looks for them.
export async function startLab({ jupyter, root, log, install }) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'paracell-lab-'));
  const env = {
    ...process.env,
    JUPYTER_DATA_DIR: path.join(home, 'data'),
    JUPYTER_CONFIG_DIR: path.join(home, 'config'),
    JUPYTER_RUNTIME_DIR: path.join(home, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: path.join(home, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: path.join(home, 'workspaces'),
    IPYTHONDIR: path.join(home, 'ipython'),
  };
  const token = randomBytes(16).toString('hex');
  // Lab would ask about its news and look for updates of itself.
  const notification = path.join(env.JUPYTERLAB_SETTINGS_DIR, '@jupyterlab', 'apputils-extension', 'notification.jupyterlab-settings');
  fs.mkdirSync(path.dirname(notification), { recursive: true });
  fs.writeFileSync(notification, '{"fetchNews": "false", "checkForUpdates": false}');
  let server;
  const stop = async () => {
    await endGroup(server);
    fs.rmSync(home, { recursive: true, force: true });
  };
  try {
    install(env);
    const port = await freePort();
    const out = fs.openSync(log, 'w');
    server = spawn(jupyter, [
      '--no-browser',
      '--allow-root',
      `--ServerApp.root_dir=${root}`,
      `--ServerApp.port=${port}`,
      '--ServerApp.port_retries=0',
      '--ServerApp.ip=127.0.0.1',
      '--LabApp.expose_app_in_browser=True',
    ], {
      // Not an argument: other users of the machine can read those.
      env: { ...env, JUPYTER_TOKEN: token },
      stdio: ['ignore', out, out],
      detached: true, // a group of its own, kernels' children included
    });
    fs.closeSync(out);
    const url = `http://127.0.0.1:${port}`;
    await answered(`${url}/api/status?token=${token}`, server, log);
    return { url, token, env, stop };
  } catch (e) {
    await stop();
    throw e;
  }
}

export function run(command, args, env) {
  const r = spawnSync(command, args, { env, encoding: 'utf8' });
  if (r.error) throw new Error(`${command}: ${r.error.message}`);
  if (r.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${r.stderr || r.stdout}`);
  return r.stdout;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const s = net.createServer();
    s.on('error', reject);
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

async function answered(url, server, log) {
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`JupyterLab stopped; it wrote ${log}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error(`JupyterLab did not answer within two minutes; it wrote ${log}`);
}

// endGroup asks the server to stop, which ends its kernels, and then insists.
async function endGroup(server) {
  if (!server || server.pid === undefined) return;
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((r) => server.once('exit', r));
    signal(server.pid, 'SIGTERM');
    const late = setTimeout(() => signal(-server.pid, 'SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
  }
  signal(-server.pid, 'SIGKILL');
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (e) {
    if (e.code !== 'ESRCH') throw e;
  }
}
