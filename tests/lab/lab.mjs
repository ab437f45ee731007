// Drives JupyterLab in headless Chromium through what a user does with a
// notebook. Screenshots and the server's log go to artifacts/lab/.
//
//   node tests/lab/lab.mjs [--kernel paracell] [--notebook notebooks/better_way_41.ipynb]
//
// PARACELL, JUPYTER_LAB and CHROMIUM name the programs when they are not in
// bin/, .venv/bin/ and on the PATH. --kernel python3 tries the driver itself.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { differences } from './compare.mjs';
import { Notebook } from './notebook.mjs';
import { run, startLab } from './server.mjs';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

// What the same gestures look like in a kernel's language.
const languages = {
  paracell: {
    displayName: 'Go (Paracell)',
    install: (env) => run(process.env.PARACELL ?? path.join(top, 'bin/paracell'), ['install'], env),
    notebook: path.join(top, 'notebooks/better_way_41.ipynb'),
    keep: 'kept := 40', loop: 'for {\n}', use: 'kept + 2', fresh: 'kept := 1\nkept', define: 'kept',
    gone: /undefined: kept/,
    complete: 'strings.HasPre', completed: 'HasPrefix', setUp: 'import "strings"\n_ = strings.ToUpper("")',
    input: 'var name string\nfmt.Scanln(&name)\nfmt.Println("hello,", name)', inputSetUp: 'import "fmt"',
  },
  python3: {
    displayName: 'Python 3 (ipykernel)',
    install: () => {},
    notebook: path.join(top, 'tests/lab/python3.ipynb'),
    keep: 'kept = 40', loop: 'while True: pass', use: 'kept + 2', fresh: 'kept = 1\nkept', define: 'kept',
    gone: /name 'kept' is not defined/,
    complete: 'string.hexdig', completed: 'hexdigits', setUp: 'import string',
    input: 'print("hello,", input())', inputSetUp: 'pass',
  },
};

const { values: options } = parseArgs({ options: { kernel: { type: 'string', default: 'paracell' }, notebook: { type: 'string' } } });
const go = languages[options.kernel];
if (!go) {
  console.error(`lab.mjs: --kernel ${options.kernel} is not one of ${Object.keys(languages).join(', ')}`);
  process.exit(2);
}

const artifacts = path.join(top, 'artifacts', 'lab');
fs.rmSync(artifacts, { recursive: true, force: true });
fs.mkdirSync(artifacts, { recursive: true });

// The notebook's folder is copied, programs beside it included, and the copy
// forgets its kernel, so that Lab asks for one.
const source = path.resolve(options.notebook ?? go.notebook);
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'paracell-lab-root-'));
fs.cpSync(path.dirname(source), root, { recursive: true, filter: (f) => path.basename(f) !== 'node_modules' });
const file = path.basename(source);
const stored = JSON.parse(fs.readFileSync(source, 'utf8'));
const asked = structuredClone(stored);
delete asked.metadata.kernelspec;
delete asked.metadata.language_info; // Lab would choose by it
for (const cell of asked.cells) if (cell.cell_type === 'code') Object.assign(cell, { outputs: [], execution_count: null });
fs.writeFileSync(path.join(root, file), JSON.stringify(asked, null, 1));

let passed = 0;
let failed = 0;
let shots = 0;
let lab, browser, page;

async function test(name, body) {
  const start = Date.now();
  try {
    await body();
    passed++;
    console.log(`ok      ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  } catch (e) {
    failed++;
    console.log(`FAILED  ${name}\n${e.message.replace(/^/gm, '        ')}`);
  }
  await page.screenshot({ path: path.join(artifacts, `${String(++shots).padStart(2, '0')}-${name.replaceAll(/\W+/g, '-')}.png`) });
}

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

const textOf = (cell) => cell.outputs
  .map((o) => [].concat(o.text ?? o.data?.['text/plain'] ?? `${o.ename}: ${o.evalue}`).join(''))
  .join('');

async function expectOutput(notebook, index, pattern) {
  const cell = await notebook.ended(index);
  expect(pattern.test(textOf(cell)), `cell ${index + 1} shows ${JSON.stringify(textOf(cell))}, not ${pattern}`);
  return cell;
}

try {
  lab = await startLab({
    jupyter: process.env.JUPYTER_LAB ?? path.join(top, '.venv/bin/jupyter-lab'),
    root,
    log: path.join(artifacts, 'server.log'),
    install: go.install,
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(60_000);
  const notebook = new Notebook(page);

  await test('open the notebook and choose the kernel', () => notebook.open(lab.url, lab.token, file, go.displayName));

  await test('run all cells', async () => {
    await notebook.runAll();
    const code = stored.cells.flatMap((c, i) => (c.cell_type === 'code' && [].concat(c.source).join('').trim() ? [i] : []));
    for (const i of code) await notebook.ended(i, 240_000);
    await notebook.idle(240_000);
  });

  await test('the outputs are those stored', async () => {
    const found = differences(stored.cells, await notebook.cells());
    expect(found.length === 0, found.join('\n'));
  });

  await test('type a cell', async () => {
    await notebook.ended(await notebook.typed(go.keep));
    await expectOutput(notebook, await notebook.typed(go.use), /^42$/);
  });

  await test('complete with the Tab key', async () => {
    await notebook.ended(await notebook.typed(go.setUp));
    await notebook.append();
    await notebook.type(go.complete);
    await page.keyboard.press('Tab');
    await notebook.until(async () => {
      const cell = (await notebook.cells()).at(-1);
      if ([].concat(cell.source).join('').includes(go.completed)) return true; // a single match is inserted
      return page.locator('.jp-Completer-item', { hasText: go.completed }).first().isVisible();
    }, `the completion ${go.completed}`);
    await page.keyboard.press('Escape');
  });

  await test('answer a question for input', async () => {
    await notebook.ended(await notebook.typed(go.inputSetUp));
    const index = await notebook.typed(go.input);
    const field = page.locator('.jp-Stdin-input');
    await field.waitFor();
    await field.fill('gopher');
    await field.press('Enter');
    await expectOutput(notebook, index, /hello, gopher/);
  });

  await test('interrupt a loop with the stop button', async () => {
    const index = await notebook.typed(go.loop);
    await notebook.busy();
    await notebook.button('notebook:interrupt-kernel');
    const cell = await notebook.ended(index);
    expect(cell.outputs.some((o) => o.output_type === 'error' && /Interrupt/.test(o.ename)), `the interrupted cell shows ${JSON.stringify(textOf(cell))}`);
    await expectOutput(notebook, await notebook.typed(go.use), /^42$/);
  });

  await test('restart the kernel', async () => {
    await notebook.restart();
    await notebook.until(async () => !['restarting', 'autorestarting', 'starting', 'unknown'].includes(await notebook.status()), 'the restarted kernel');
    await notebook.idle();
    const lost = await notebook.ended(await notebook.typed(go.define));
    expect(go.gone.test(textOf(lost)), `after the restart the cell shows ${JSON.stringify(textOf(lost))}`);
    const cell = await expectOutput(notebook, await notebook.typed(go.fresh), /^1$/);
    expect(cell.execution_count === 2, `the second cell after the restart has number ${cell.execution_count}`);
  });
} catch (e) {
  failed++;
  console.log(`FAILED  ${e.stack}`);
} finally {
  await browser?.close();
  await lab?.stop();
  fs.rmSync(root, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
