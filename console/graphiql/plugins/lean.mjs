// Leaves out what the libraries bring and this page never uses.

// Monaco's comparing editors are bound to the plain one, and nothing here compares.
export const noComparingEditors = {
  name: 'no-comparing-editors',
  enforce: 'pre',
  load(id) {
    const widget = id.match(/\/(diffEditorWidget|multiDiffEditorWidget)\.js$/)?.[1]
    return widget ? `export class ${widget[0].toUpperCase()}${widget.slice(1)} {}` : null
  },
}

// Only the page prettifies; the worker would carry a second copy of prettier for nothing.
export const noPrettier = {
  name: 'no-prettier-in-workers',
  enforce: 'pre',
  resolveId: id => (id.startsWith('prettier/') ? '\0no-prettier' : null),
  load: id => (id === '\0no-prettier' ? 'export default {}' : null),
}
