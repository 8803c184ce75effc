import { useEffect, useRef, useState } from 'react'
import { config, say, sayText } from './language.js'
import { ask } from './requests.js'
import { roleNames } from './roles.js'
import { nameOf, person, signIn, signOut, useSession } from './session.js'

const ORGANISATION = 'query Organisation($id: ID!) { node(id: $id) { ... on Participant { name shortName } } }'

export function Account() {
  const { tokens } = useSession()
  const who = person(tokens)
  if (!who) return <button type="button" className="button primary" onClick={() => signIn()}>{say('Sign in', '登录')}</button>
  return <Menu who={who} />
}

function Menu({ who }) {
  const [open, setOpen] = useState(false)
  const box = useRef(null)
  const organisation = useOrganisation(who)
  const roles = roleNames(who.realm_access?.roles ?? [])
  useDismissal(box, open, setOpen)
  const name = nameOf(who)
  return (
    <div className="account" ref={box}>
      <button type="button" className="account-button" aria-expanded={open} aria-controls="account-panel" onClick={() => setOpen(!open)}>
        <span className="account-letter" aria-hidden="true">{[...name][0]}</span>
        <span className="account-names">
          <span className="account-name">{name}</span>
          <span className="account-role">{[roles[0], organisation].filter(Boolean).join(' · ')}</span>
        </span>
        <Caret />
      </button>
      {open && <Panel who={who} name={name} organisation={organisation} roles={roles} />}
    </div>
  )
}

function Panel({ who, name, organisation, roles }) {
  const others = config.people.filter(each => each.username !== who.preferred_username)
  return (
    <div className="account-panel" id="account-panel">
      <div className="account-card">
        <div className="account-full">{name} <span className="account-login">{who.preferred_username}</span></div>
        {organisation && <div>{organisation}</div>}
        <ul className="account-roles" aria-label={say('Roles', '角色')}>
          {roles.map(role => <li key={role}>{role}</li>)}
        </ul>
      </div>
      {others.length > 0 && <People people={others} />}
      <div className="account-actions">
        <button type="button" onClick={() => signIn({ other: true })}>{say('Switch person', '切换人员')}</button>
        <button type="button" onClick={signOut}>{say('Sign out', '退出登录')}</button>
      </div>
    </div>
  )
}

/** The people of a demonstration, and what each of them is there for. */
function People({ people }) {
  return (
    <div className="account-people">
      <div className="account-caption">{say('People of this demonstration', '演示人员')}</div>
      {people.map(each => (
        <button key={each.username} type="button" onClick={() => signIn({ other: true, username: each.username })}>
          <span>{sayText(each.name)}</span>
          <span className="account-role">{roleNames(each.roles).join(say(', ', '、'))}</span>
        </button>
      ))}
    </div>
  )
}

/** The organisation's name as the catalogue has it; until it answers, its alias. */
function useOrganisation(who) {
  const [alias, about] = Object.entries(who.organization ?? {})[0] ?? []
  const id = [about?.participantId].flat()[0]
  const [name, setName] = useState(null)
  useEffect(() => {
    setName(null)
    if (!id) return
    ask({ query: ORGANISATION, variables: { id } }).then(({ data }) => setName(data?.node?.shortName || data?.node?.name))
  }, [id])
  return name || alias
}

function useDismissal(box, open, setOpen) {
  useEffect(() => {
    if (!open) return
    const pressed = event => {
      if (event.type === 'keydown' ? event.key === 'Escape' : !box.current.contains(event.target)) setOpen(false)
      if (event.key === 'Escape') box.current.querySelector('button').focus()
    }
    document.addEventListener('keydown', pressed)
    document.addEventListener('pointerdown', pressed)
    return () => {
      document.removeEventListener('keydown', pressed)
      document.removeEventListener('pointerdown', pressed)
    }
  }, [box, open, setOpen])
}

function Caret() {
  return <svg className="account-caret" viewBox="0 0 12 12" width="10" height="10" aria-hidden="true"><path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" /></svg>
}
