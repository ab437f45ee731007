// A notebook as JupyterLab shows it: acted on as a user acts (menus, buttons,
// keys), read through the application's own model so that outputs are exact.

export class Notebook {
  constructor(page) {
    this.page = page;
  }

  // open loads path and answers the question for a kernel with displayName.
  async open(url, token, path, displayName) {
    await this.page.goto(`${url}/lab/tree/${encodeURIComponent(path)}?token=${token}&reset`);
    const dialog = this.page.locator('.jp-Dialog', { hasText: 'Select Kernel' });
    await dialog.waitFor({ timeout: 120_000 });
    await dialog.locator('select').selectOption({ label: displayName });
    await dialog.locator('.jp-mod-accept').click();
    await this.idle();
  }

  async runAll() {
    await this.menu('Run', 'Run All Cells');
  }

  // typed adds a cell at the end, types source into it and runs it with
  // Shift+Enter. It returns the cell's index at once; ended() waits.
  async typed(source) {
    const index = await this.append();
    await this.type(source);
    await this.page.keyboard.press('Shift+Enter');
    return index;
  }

  // append adds a cell at the end with the keys for it and starts editing it.
  async append() {
    const count = (await this.cells()).length;
    await this.page.locator('.jp-Notebook .jp-Cell').last().locator('.jp-InputArea-prompt, .jp-InputPrompt').first().click();
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('b');
    await this.until(async () => (await this.cells()).length === count + 1, 'a new cell');
    await this.page.keyboard.press('Enter');
    return count;
  }

  // type writes into the cell being edited, a line at a time: the editor
  // indents new lines by itself.
  async type(source) {
    for (const [i, line] of source.split('\n').entries()) {
      if (i > 0) {
        await this.page.keyboard.press('Enter');
        await this.page.keyboard.press('Shift+Home');
        await this.page.keyboard.press('Delete');
      }
      await this.page.keyboard.insertText(line);
    }
  }

  async menu(name, item) {
    await this.page.locator('.lm-MenuBar-item', { hasText: new RegExp(`^${name}$`) }).click();
    await this.page.locator('.lm-Menu-item', { hasText: item }).first().click();
  }

  async button(command) {
    await this.page.locator(`.jp-NotebookPanel-toolbar [data-command="${command}"]`).first().click();
  }

  async restart() {
    await this.button('notebook:restart-kernel');
    const dialog = this.page.locator('.jp-Dialog', { hasText: 'Restart Kernel' });
    await dialog.locator('.jp-mod-accept').click();
  }

  status() {
    return this.page.evaluate(() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status);
  }

  async idle(timeout = 60_000) {
    await this.until(async () => (await this.status()) === 'idle', 'an idle kernel', timeout);
  }

  async busy() {
    await this.until(async () => (await this.status()) === 'busy', 'a busy kernel');
  }

  // cells returns the notebook's cells as they would be saved.
  cells() {
    return this.page.evaluate(() => {
      const panel = window.jupyterapp.shell.currentWidget;
      return Array.from(panel.content.model.cells, (c) => {
        const cell = c.toJSON();
        cell.executionState = c.executionState ?? null;
        return cell;
      });
    });
  }

  // ended waits for the cell at index to finish and returns it.
  async ended(index, timeout = 60_000) {
    let cell;
    await this.until(async () => {
      cell = (await this.cells())[index];
      return cell.execution_count !== null && (await this.status()) === 'idle' && cell.executionState !== 'running';
    }, `the end of cell ${index + 1}`, timeout);
    return cell;
  }

  async until(condition, what, timeout = 60_000) {
    const end = Date.now() + timeout;
    for (;;) {
      if (await condition()) return;
      if (Date.now() > end) throw new Error(`waited ${timeout / 1000} s for ${what}`);
      await new Promise((r) => setTimeout(r, 50));
    }
  }
}
