// Fresh outputs beside stored ones, loosely: every number may differ, pictures
// and cells tagged volatile are compared by kind alone.

export function differences(stored, fresh) {
  const found = [];
  stored.forEach((cell, i) => {
    if (cell.cell_type !== 'code') return;
    const tags = cell.metadata.tags ?? [];
    const kindsOnly = tags.includes('volatile');
    const want = describe(cell.outputs, kindsOnly);
    const got = describe(fresh[i].outputs, kindsOnly);
    if (want !== got) found.push(`cell ${i + 1}:\n--- stored\n${want}\n--- fresh\n${got}`);
  });
  return found;
}

// describe is a text of outputs that a rerun of the same cell gives again.
function describe(outputs, kindsOnly) {
  const lines = [];
  let stream = null;
  for (const o of outputs) {
    if (o.output_type === 'stream') {
      // How a stream is cut into outputs is chance; where it is merged isn't.
      if (stream?.name === o.name) stream.text += join(o.text);
      else lines.push((stream = { name: o.name, text: join(o.text) }));
      continue;
    }
    stream = null;
    if (o.output_type === 'error') lines.push(`error ${o.ename}: ${loosely(o.evalue)}`);
    else lines.push(`${o.output_type} ${bundle(o.data, kindsOnly)}`);
  }
  return lines
    .map((l) => (typeof l === 'string' ? l : `${l.name}: ${kindsOnly ? '' : loosely(l.text)}`))
    .join('\n');
}

function bundle(data, kindsOnly) {
  return Object.keys(data)
    .sort()
    .map((mime) => (kindsOnly || mime !== 'text/plain' ? mime : `${mime} ${loosely(join(data[mime]))}`))
    .join(' ');
}

function loosely(text) {
  return text
    .split('\n')
    .map((line) => line.split('\r').at(-1)) // what a carriage return left visible
    .join('\n')
    .replace(/\d+(\.\d+)?(e[+-]?\d+)?/g, '#')
    .replace(/[ \t]+/g, ' ')
    .replace(/(ns|µs|us|ms)\b/g, 's')
    .trim();
}

const join = (text) => (Array.isArray(text) ? text.join('') : text);
