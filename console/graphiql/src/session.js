// Who is signed in: OpenID Connect's authorisation code flow with PKCE (RFC 7636, S256).
// Tokens live in memory and, so that a reload keeps them, in this tab's session storage.
import { useSyncExternalStore } from 'react'
import { config, say } from './language.js'

const KEPT = 'cityspace:session'
const PENDING = 'cityspace:sign-in'
const EARLY_MS = 30_000
const RETRY_MS = 15_000
const page = () => location.origin + location.pathname

const listeners = new Set()
let state = { tokens: read(KEPT), notice: null }
let endpoints = null
let renewal = null
let timer = 0

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key))
  } catch {
    return null
  }
}

function become(tokens, notice = null) {
  state = { tokens, notice }
  if (tokens) sessionStorage.setItem(KEPT, JSON.stringify(tokens))
  else sessionStorage.removeItem(KEPT)
  clearTimeout(timer)
  if (tokens) timer = setTimeout(renewQuietly, Math.max(tokens.expires_ms - Date.now() - EARLY_MS, 1000))
  listeners.forEach(listener => listener())
}

function renewQuietly() {
  renew().catch(error => {
    if (error instanceof IdentitySilent) timer = setTimeout(renewQuietly, RETRY_MS)
  })
}

export function tellReader(notice) {
  state = { ...state, notice }
  listeners.forEach(listener => listener())
}

/** Takes a notice away when what it says no longer holds. */
export const takeBack = notice => state.notice === notice && tellReader(null)

export function useSession() {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}

/** What the access token says of its holder, or null. The hub, not this page, verifies it. */
export function person(tokens = state.tokens) {
  return tokens ? claims(tokens.access_token) : null
}

/** The issuer writes one name for both languages, `李文 Li Wen`; the reader sees theirs. */
export function nameOf(who) {
  const name = who.name || who.preferred_username
  const [, chinese, latin] = name.match(/^(\p{Script=Han}+)\s+(\P{Script=Han}+)$/u) ?? []
  return chinese ? say(latin, chinese) : name
}

function claims(token) {
  const body = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(body), each => each.charCodeAt(0))))
}

async function discovered() {
  if (endpoints) return endpoints
  const answer = await fetch(`${config.issuer}/.well-known/openid-configuration`)
  if (!answer.ok) throw new Error(`${answer.status}`)
  const found = await answer.json()
  if (found.issuer !== config.issuer) throw new Error(`issuer ${found.issuer}`)
  endpoints = found
  return found
}

const base64url = bytes =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** Leaves for the login page. `other` asks for a login even where one is remembered. */
export async function signIn({ other = false, username = '' } = {}) {
  try {
    const { authorization_endpoint } = await discovered()
    const pending = { state: random(), nonce: random(), verifier: random() }
    const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier))
    sessionStorage.setItem(PENDING, JSON.stringify(pending))
    const asked = new URLSearchParams({
      response_type: 'code',
      client_id: config.client,
      redirect_uri: page(),
      scope: 'openid profile organization',
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: base64url(challenge),
      code_challenge_method: 'S256',
      ui_locales: say('en', 'zh-CN'),
      ...(other && { prompt: 'login' }),
      ...(username && { login_hint: username }),
    })
    location.assign(`${authorization_endpoint}?${asked}`)
  } catch {
    tellReader('identity-unreachable')
  }
}

/** Forgets the tokens here and ends the session at the issuer. */
export async function signOut() {
  const { tokens } = state
  become(null)
  try {
    const { end_session_endpoint } = await discovered()
    const asked = new URLSearchParams({ client_id: config.client, post_logout_redirect_uri: page() })
    if (tokens?.id_token) asked.set('id_token_hint', tokens.id_token)
    location.assign(`${end_session_endpoint}?${asked}`)
  } catch {
    tellReader('identity-unreachable')
  }
}

/** Called once, when the page is loaded: takes the code that the login page sent along. */
export async function resume() {
  const answer = new URLSearchParams(location.search)
  if (!answer.has('state') || !(answer.has('code') || answer.has('error'))) {
    if (state.tokens) become(state.tokens)
    return
  }
  history.replaceState(null, '', page())
  const pending = read(PENDING)
  sessionStorage.removeItem(PENDING)
  if (!pending || answer.get('state') !== pending.state) return tellReader('sign-in-not-ours')
  if (answer.has('error')) return tellReader('sign-in-refused')
  try {
    await exchange(answer.get('code'), pending)
  } catch {
    become(null, 'sign-in-failed')
  }
}

async function exchange(code, pending) {
  const tokens = await ask({
    grant_type: 'authorization_code',
    code,
    redirect_uri: page(),
    code_verifier: pending.verifier,
  })
  const identity = claims(tokens.id_token)
  const audience = [identity.aud].flat()
  if (identity.nonce !== pending.nonce || identity.iss !== config.issuer || !audience.includes(config.client)) {
    throw new Error('an identity token that is not for this sign-in')
  }
  become(tokens)
}

async function ask(form) {
  let answer
  try {
    const { token_endpoint } = await discovered()
    const body = new URLSearchParams({ client_id: config.client, ...form })
    answer = await fetch(token_endpoint, { method: 'POST', body })
  } catch {
    throw new IdentitySilent()
  }
  if (answer.status >= 500) throw new IdentitySilent()
  if (!answer.ok) throw new SessionEnded()
  const tokens = await answer.json()
  return { ...tokens, expires_ms: Date.now() + tokens.expires_in * 1000 }
}

export class IdentitySilent extends Error {}
export class SessionEnded extends Error {}

/** A new access token, asked for once however many requests wait for it. */
export function renew() {
  renewal ??= renewed().finally(() => {
    renewal = null
  })
  return renewal
}

async function renewed() {
  const { tokens } = state
  try {
    if (!tokens?.refresh_token) throw new SessionEnded()
    become({ ...tokens, ...(await ask({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })) })
  } catch (error) {
    if (error instanceof SessionEnded) expire()
    throw error
  }
}

export const expire = () => become(null, 'session-expired')

/** A token that holds for the next request, or none when nobody is signed in. */
export async function accessToken() {
  if (state.tokens && state.tokens.expires_ms - Date.now() < EARLY_MS / 3) await renew()
  return state.tokens?.access_token
}
