// Gives GraphiQL and Monaco, which have no translations of their own, Chinese words at build time:
// every literal of the tables becomes a choice that `globalThis.cityspaceChinese` decides when the
// page is loaded. A literal that is no longer there fails the build, which is the guard for upgrades.
import { COLOURS, EDITOR, LITERALS, SOURCES } from './phrases.mjs'

const MODULE = /node_modules\/((?:graphiql|@graphiql\/[\w-]+)\/dist\/.*\.js)$/
const MONACO = /node_modules\/monaco-editor\/esm\/.*\.js$/
const MONACO_WORDS = /node_modules\/monaco-editor\/esm\/(?:vs\/)?nls\.js$/

const quoted = JSON.stringify
const choice = (english, chinese) => `(globalThis.cityspaceChinese?${quoted(chinese)}:${quoted(english)})`
const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export function chinese() {
  const waiting = new Set([
    ...Object.entries(LITERALS).flatMap(([file, words]) => Object.keys(words).map(word => `${file}: ${word}`)),
    ...SOURCES.map(({ file, from }) => `${file}: ${from}`),
    ...COLOURS.map(({ file, from }) => `${file}: ${from}`),
    ...Object.keys(EDITOR).map(word => `monaco: ${word}`),
  ])

  function literals(code, file) {
    for (const [english, zh] of Object.entries(LITERALS[file] ?? {})) {
      code = code.replace(new RegExp(`${escaped(quoted(english))}(\\s*:)?`, 'g'), (_, key) => {
        waiting.delete(`${file}: ${english}`)
        return key ? `[${choice(english, zh)}]${key}` : choice(english, zh)
      })
    }
    return code
  }

  function sources(code, file) {
    for (const each of [...SOURCES, ...COLOURS]) {
      if (each.file !== file || !code.includes(each.from)) continue
      waiting.delete(`${file}: ${each.from}`)
      code = code.replaceAll(each.from, each.to)
    }
    return code
  }

  // Monaco looks its words up in one place; the table is put before that look-up.
  function editorWords(code) {
    const table = `const chineseWords = globalThis.cityspaceChinese ? ${quoted(EDITOR)} : {};\n`
    const head = 'function _format(message, args) {'
    if (!code.includes(head)) throw new Error('Monaco formats its words differently now')
    return table + code.replace(head, `${head}\n    message = chineseWords[message] ?? message;`)
  }

  function hitEditorWords(code) {
    for (const word of Object.keys(EDITOR)) {
      if (code.includes(quoted(word))) waiting.delete(`monaco: ${word}`)
    }
  }

  return {
    name: 'cityspace-chinese',
    enforce: 'pre',
    transform(code, id) {
      if (MONACO_WORDS.test(id)) return { code: editorWords(code), map: null }
      if (MONACO.test(id)) return void hitEditorWords(code)
      const file = id.match(MODULE)?.[1]
      return file && { code: literals(sources(code, file), file), map: null }
    },
    buildEnd(error) {
      if (!error && waiting.size) this.error(`Not found any more:\n  ${[...waiting].join('\n  ')}`)
    },
  }
}
