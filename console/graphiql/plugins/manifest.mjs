// Writes what a test without Node needs to prove that the built files were made from the source
// that lies beside them, and the licences of everything that was bundled.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const SOURCES = ['package.json', 'package-lock.json', 'vite.config.mjs', 'plugins', 'src']
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt|mit))?$/i

const sha256 = path => createHash('sha256').update(readFileSync(path)).digest('hex')

function filesBelow(path) {
  const names = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return names.flatMap(each => (each.isDirectory() ? filesBelow(join(path, each.name)) : [join(path, each.name)]))
}

function hashes(root, tops) {
  const files = tops.flatMap(top => (top.includes('.') ? [join(root, top)] : filesBelow(join(root, top))))
  return Object.fromEntries(files.map(file => [relative(root, file), sha256(file)]).sort())
}

function packageOf(id) {
  const found = id.replace(/^\0/, '').match(/^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//)
  return found && existsSync(join(found[1], 'package.json')) ? found[1] : null
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find(each => LICENCE_FILE.test(each))
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`
  return { title: `${name} ${version} (${license})`, text }
}

function notices(folders) {
  const byText = new Map()
  for (const { title, text } of [...folders].sort().map(licence)) {
    byText.set(text, [...(byText.get(text) ?? []), title])
  }
  return [...byText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`)
}

export function manifest(root) {
  const folders = new Set()
  let out
  return {
    name: 'cityspace-manifest',
    moduleParsed({ id }) {
      const folder = packageOf(id)
      if (folder) folders.add(folder)
    },
    writeBundle(options, bundle) {
      out = options.dir
      writeFileSync(join(out, 'licences.txt'), notices(folders))
      const entry = Object.values(bundle).find(each => each.isEntry)
      const named = pattern => Object.keys(bundle).find(name => pattern.test(name))
      const written = {
        entry: entry.fileName,
        style: named(/^page-.*\.css$/),
        icon: named(/^mark-.*\.svg$/),
        sources: hashes(root, SOURCES),
        built: hashes(out, readdirSync(out).filter(name => name !== 'manifest.json')),
      }
      writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(written, null, 1)}\n`)
    },
  }
}
