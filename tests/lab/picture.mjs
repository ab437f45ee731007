// Makes the README's picture: the lesson, run in JupyterLab.
//
//   node tests/lab/picture.mjs
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Notebook } from './notebook.mjs';
import { run, startLab } from './server.mjs';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const picture = path.join(top, 'notebooks/images/lesson.png');
const file = 'better_way_41.ipynb';
const shown = 'step8-chart'; // the id of the cell that the picture ends with

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'paracell-picture-'));
fs.cpSync(path.join(top, 'notebooks'), root, { recursive: true });
const asked = JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
delete asked.metadata.kernelspec;
delete asked.metadata.language_info;
for (const cell of asked.cells) if (cell.cell_type === 'code') Object.assign(cell, { outputs: [], execution_count: null });
fs.writeFileSync(path.join(root, file), JSON.stringify(asked, null, 1));

let lab, browser;
try {
  lab = await startLab({
    jupyter: process.env.JUPYTER_LAB ?? path.join(top, '.venv/bin/jupyter-lab'),
    root,
    log: path.join(root, 'server.log'),
    install: (env) => run(process.env.PARACELL ?? path.join(top, 'bin/paracell'), ['install'], env),
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  const page = await browser.newPage({ viewport: { width: 1040, height: 1000 } });
  page.setDefaultTimeout(60_000);
  const notebook = new Notebook(page);
  await notebook.open(lab.url, lab.token, file, 'Go (Paracell)');
  await page.evaluate(() => window.jupyterapp.commands.execute('application:toggle-left-area'));
  await notebook.runAll();
  const last = asked.cells.findLastIndex((c) => c.cell_type === 'code');
  await notebook.ended(last, 240_000);
  // Scrolled as a reader would: cells above and below are drawn when near.
  const index = asked.cells.findIndex((c) => c.id === shown);
  await page.evaluate(async (i) => {
    const content = window.jupyterapp.shell.currentWidget.content;
    content.activeCellIndex = i;
    await content.scrollToItem(i, 'end');
  }, index);
  await page.waitForFunction((i) => window.jupyterapp.shell.currentWidget.content.widgets[i].node.checkVisibility(), index);
  fs.mkdirSync(path.dirname(picture), { recursive: true });
  await page.screenshot({ path: picture });
  console.log(picture);
} finally {
  await browser?.close();
  await lab?.stop();
  fs.rmSync(root, { recursive: true, force: true });
}
