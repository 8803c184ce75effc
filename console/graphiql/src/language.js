// Loaded before everything else: the page's configuration, and the language it speaks.
// A change of language loads the page anew, because GraphiQL keeps its words once it has them.
import { SAMPLES } from './sample.js'

const REMEMBERED = 'cityspace:language'

export const config = JSON.parse(document.getElementById('cityspace-config').textContent)
export const language = chosen()

/** One of two texts, or of a `{en, zh}` of the configuration. */
export const say = (en, zh) => (language === 'zh' ? zh : en)
export const sayText = text => text?.[language] || text?.en || text?.zh || ''

export function speak(other) {
  localStorage.setItem(REMEMBERED, other)
  location.reload()
}

function chosen() {
  const remembered = stored(REMEMBERED)
  if (remembered === 'en' || remembered === 'zh') return remembered
  return navigator.languages.some(tag => tag.toLowerCase().startsWith('zh')) ? 'zh' : 'en'
}

/** A browser may refuse to keep anything; then nothing is remembered and all else works. */
function stored(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** An untouched sample follows the language; what a person wrote stays as it is. */
function translateSamples() {
  const other = JSON.stringify(SAMPLES[language === 'zh' ? 'en' : 'zh'])
  const own = JSON.stringify(SAMPLES[language])
  const tabs = stored('graphiql:tabState')
  if (tabs?.includes(other)) localStorage.setItem('graphiql:tabState', tabs.replaceAll(other, () => own))
  const query = stored('graphiql:query')
  if (query === JSON.parse(other)) localStorage.setItem('graphiql:query', SAMPLES[language])
}

translateSamples()
globalThis.cityspaceChinese = language === 'zh'
globalThis.cityspaceTabTitle = operation => {
  if (operation === 'Welcome') return say('Welcome', '欢迎')
  const saved = config.queries.find(each => each.operations.includes(operation))
  return saved ? sayText(saved.title) : operation
}
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
document.title = `${say('CitySpace', '城市可信数据空间')} · GraphQL`
