import { useEffect } from 'react'
import { Account } from './account.jsx'
import { config, language, say, sayText, speak } from './language.js'
import mark from './mark.svg'
import { resume, signIn, tellReader, useSession } from './session.js'

const NOTICES = {
  'hub-unreachable': () => say('The hub does not answer. Nothing was changed.', '城市枢纽没有应答，未做任何改动。'),
  'identity-unreachable': () => say('The identity service does not answer. Try again in a moment.', '身份服务没有应答，请稍后再试。'),
  'session-expired': () => say('Your session has ended. Sign in again to go on; your queries are kept.', '登录已过期。请重新登录后继续，您的查询均已保留。'),
  'sign-in-failed': () => say('Signing in did not work. Try once more.', '登录没有成功，请再试一次。'),
  'sign-in-refused': () => say('You were not signed in.', '没有登录。'),
  'sign-in-not-ours': () => say('That sign-in was not started from this tab. Sign in again.', '该登录不是从本标签页发起的，请重新登录。'),
}
const WITH_SIGN_IN = new Set(['session-expired', 'sign-in-failed', 'sign-in-not-ours', 'sign-in-refused'])

export function Header() {
  const { notice } = useSession()
  useEffect(() => void resume(), [])
  return (
    <>
      <header className="bar">
        <img className="bar-mark" src={mark} alt="" width="28" height="28" />
        <h1 className="bar-names">
          <strong>{sayText(config.product)}</strong>
          <span className="bar-city">{sayText(config.city)}</span>
        </h1>
        {config.environment && <span className="bar-environment">{sayText(config.environment)}</span>}
        <span className="bar-space" />
        <Hints />
        <Languages />
        {config.issuer && <Account />}
      </header>
      {notice && <Notice name={notice} />}
    </>
  )
}

// Not Ctrl-Space for suggestions: on Chinese systems that key changes the input method.
function Hints() {
  const control = navigator.userAgent.includes('Mac') ? '⌘' : 'Ctrl'
  return (
    <div className="bar-hints" aria-label={say('Keys', '快捷键')} role="note">
      <span><kbd>{control}</kbd><kbd>Enter</kbd>{say('run', '运行')}</span>
      <span><kbd>{control}</kbd><kbd>I</kbd>{say('suggest', '提示')}</span>
      <span><kbd>{control}</kbd><kbd>Alt</kbd><kbd>K</kbd>{say('find a field', '查字段')}</span>
    </div>
  )
}

function Languages() {
  return (
    <div className="bar-languages" role="group" aria-label={say('Language', '语言')}>
      {[['zh', '中文', 'zh-CN'], ['en', 'English', 'en']].map(([code, name, tag]) => (
        <button key={code} type="button" lang={tag} aria-pressed={language === code} onClick={() => language === code || speak(code)}>
          {name}
        </button>
      ))}
    </div>
  )
}

function Notice({ name }) {
  return (
    <div className="notice" role="alert">
      <span>{NOTICES[name]()}</span>
      {WITH_SIGN_IN.has(name) && (
        <button type="button" className="notice-action" onClick={() => signIn()}>{say('Sign in', '登录')}</button>
      )}
      <button type="button" className="notice-close" aria-label={say('Dismiss', '知道了')} onClick={() => tellReader(null)}>×</button>
    </div>
  )
}
