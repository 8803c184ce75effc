// The shelf of saved queries, as a pane of GraphiQL: what a bureau asks every day, ready to run.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useState } from 'react'
import { config, say, sayText } from './language.js'
import { ask } from './requests.js'
import { person, useSession } from './session.js'

const DAY_MS = 86_400_000

export const SHELF = { title: say('Saved queries', '常用查询'), icon: Icon, content: Shelf }

function Shelf() {
  const [words, setWords] = useState('')
  const open = useOpening()
  const found = config.queries.filter(each => holds(each, words))
  return (
    <section className="shelf" aria-label={SHELF.title}>
      <h2 className="shelf-title">{SHELF.title}</h2>
      <input
        className="shelf-search"
        type="search"
        value={words}
        onChange={event => setWords(event.target.value)}
        placeholder={say('Find a question', '查找问题')}
        aria-label={say('Find a saved query', '查找常用查询')}
      />
      {config.shelves.map(shelf => (
        <Group key={shelf.name} title={sayText(shelf.title)} queries={found.filter(each => each.shelf === shelf.name)} open={open} />
      ))}
      {!found.length && <p className="shelf-nothing">{say('No saved query has these words.', '没有包含这些字词的常用查询。')}</p>}
    </section>
  )
}

function holds(query, words) {
  const text = [sayText(query.title), sayText(query.about), ...query.operations].join(' ').toLowerCase()
  return words.toLowerCase().split(/\s+/).every(word => text.includes(word))
}

function Group({ title, queries, open }) {
  const { tokens } = useSession()
  if (!queries.length) return null
  return (
    <div className="shelf-group">
      <h3 className="shelf-caption">{title}</h3>
      <ul>
        {queries.map(query => (
          <li key={query.name}>
            <button type="button" onClick={() => open(query)}>
              <span className="shelf-name">
                {sayText(query.title)}
                {query.changes && <span className="shelf-tag changes">{say('changes', '变更')}</span>}
                {query.signed_in && !tokens && config.issuer && <Lock />}
              </span>
              <span className="shelf-about">{sayText(query.about)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Opens a query in a tab of its own, or goes to the tab where it is open and untouched. */
function useOpening() {
  const { addTab, changeTab, updateActiveTabValues } = useGraphiQLActions()
  const { tabs, queryEditor, variableEditor } = useGraphiQL(({ tabs, queryEditor, variableEditor }) => ({ tabs, queryEditor, variableEditor }))
  return async saved => {
    const query = textOf(saved)
    const already = tabs.findIndex(tab => tab.query === query)
    if (already >= 0) return changeTab(already)
    const variables = JSON.stringify(await filled(saved.variables), null, 2)
    addTab()
    updateActiveTabValues({ query, variables, operationName: saved.operations[0] })
    queryEditor?.setValue(query)
    variableEditor?.setValue(variables === '{}' ? '' : variables)
    queryEditor?.focus()
  }
}

const textOf = ({ title, about, text }) => `# ${sayText(title)}\n# ${sayText(about)}\n\n${text}`

/**
 * Variables with their placeholders filled in: `@me.participant`, `@me.subject`, `@today`,
 * `@in-90-days`, `@90-days-ago`, `@first resources(filter: …) or resources`. Where nothing is
 * found, the reader is told what to write there.
 */
async function filled(value) {
  if (Array.isArray(value)) return Promise.all(value.map(filled))
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).map(async ([name, each]) => [name, await filled(each)])
    return Object.fromEntries(await Promise.all(entries))
  }
  if (typeof value !== 'string' || !value.startsWith('@')) return value
  return (await placeholder(value)) ?? say('‹identifier›', '‹编号›')
}

async function placeholder(name) {
  const who = person()
  if (name === '@me.participant') return [Object.values(who?.organization ?? {})[0]?.participantId].flat()[0]
  if (name === '@me.subject') return who?.sub
  const days = name.match(/^@(?:(today)|in-(\d+)-days|(\d+)-days-ago)$/)
  if (days) return moment(Number(days[2] ?? 0) - Number(days[3] ?? 0))
  const [, root, conditions, otherwise] = name.match(/^@first (\w+)(?:\((.*)\))?(?: or (\w+))?$/)
  return (await firstOf(root, conditions)) ?? (otherwise && firstOf(otherwise))
}

const moment = days => new Date(Math.floor(Date.now() / DAY_MS + days) * DAY_MS).toISOString()

async function firstOf(root, conditions) {
  const arguments_ = ['first: 1', conditions].filter(Boolean).join(', ')
  const { data } = await ask({ query: `{ ${root}(${arguments_}) { nodes { id } } }` })
  return data?.[root]?.nodes?.[0]?.id
}

function Lock() {
  return (
    <svg className="shelf-lock" viewBox="0 0 16 16" width="13" height="13" role="img" aria-label={say('needs a sign-in', '需登录')}>
      <title>{say('Needs a sign-in', '需登录')}</title>
      <path d="M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinejoin="round" />
    </svg>
  )
}

function Icon(props) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" {...props}>
      <path d="M4 4h4.5v16H4zM8.5 4H13v16H8.5zM13.6 5.4l4.2-1.1 3.2 14.6-4.3 1.1z" />
      <path d="M4 8h4.5M8.5 8H13" />
    </svg>
  )
}
