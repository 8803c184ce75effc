import react from '@vitejs/plugin-react'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { chinese } from './plugins/chinese.mjs'
import { noComparingEditors, noPrettier } from './plugins/lean.mjs'
import { manifest } from './plugins/manifest.mjs'

const root = dirname(fileURLToPath(import.meta.url))
const monaco = /^(\.|monaco-graphql\/esm)\/monaco-editor(\.js)?$/

export default defineConfig({
  root,
  base: './', // the files work below any path
  publicDir: false,
  plugins: [chinese(), noComparingEditors, react(), manifest(root)],
  resolve: {
    alias: [
      { find: monaco, replacement: join(root, 'src/editor.js') },
      { find: 'prettier/parser-graphql', replacement: 'prettier/plugins/graphql' },
    ],
  },
  worker: { format: 'es', plugins: () => [noPrettier] },
  build: {
    outDir: '../built',
    emptyOutDir: true,
    assetsDir: '',
    assetsInlineLimit: 0, // the page's policy allows no data: fonts or scripts
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: { page: join(root, 'src/main.jsx') },
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
  },
})
