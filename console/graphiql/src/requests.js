// Sends what GraphiQL asks to the hub, in the reader's language and with the reader's token.
// Whatever goes wrong on the way becomes an answer in GraphQL's form that a person can read.
import { config, language, say } from './language.js'
import { accessToken, expire, IdentitySilent, renew, SessionEnded, takeBack, tellReader } from './session.js'

const WAIT_MS = 60_000
const ACCEPTED = { zh: 'zh-CN,zh;q=0.9,en;q=0.5', en: 'en,zh;q=0.5' }

export async function ask(question, { headers = {} } = {}) {
  try {
    const answer = await answered(question, headers)
    takeBack('hub-unreachable')
    return await understood(answer)
  } catch (error) {
    return failed(codeOf(error))
  }
}

/** A token that the hub refuses is renewed once; what then is refused needs a new sign-in. */
async function answered(question, headers) {
  const answer = await send(question, headers)
  if (answer.status !== 401 || !(await accessToken())) return answer
  await renew()
  const again = await send(question, headers)
  if (again.status !== 401) return again
  expire()
  throw new SessionEnded()
}

function codeOf(error) {
  if (error instanceof SessionEnded) return 'session.ended'
  if (error instanceof IdentitySilent) return 'identity.unreachable'
  if (error.name === 'TimeoutError') return 'hub.too_slow'
  tellReader('hub-unreachable')
  return 'hub.unreachable'
}

async function send({ query, variables, operationName }, headers) {
  const token = await accessToken()
  return fetch(config.endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json',
      'Accept-Language': ACCEPTED[language],
      ...(token && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
    signal: AbortSignal.timeout(WAIT_MS),
  })
}

async function understood(answer) {
  const body = await answer.text()
  let said
  try {
    said = JSON.parse(body)
  } catch {
    return failed('hub.not_understood', { status: answer.status })
  }
  return said.data !== undefined || said.errors ? said : problem(said, answer.status)
}

/** Problem details of RFC 9457, as a GraphQL error. */
function problem({ title, detail, code, advice, ...facts }, status) {
  const message = [title, detail].filter(Boolean).join(say(': ', '：')) || `HTTP ${status}`
  return { errors: [{ message, extensions: { code, status, advice, ...facts } }] }
}

function failed(code, facts = {}) {
  const messages = {
    'hub.unreachable': say(
      'The hub does not answer. Nothing was done. Check the connection, or that the hub is running, and run it again.',
      '城市枢纽没有应答，本次请求未生效。请检查网络，或确认枢纽正在运行，然后重新运行。',
    ),
    'session.ended': say(
      'Your session has ended, so nothing was done. Sign in again and run it once more.',
      '登录已过期，本次请求未生效。请重新登录后再运行。',
    ),
    'identity.unreachable': say(
      'The identity service does not answer, so nothing was sent. Try again in a moment.',
      '身份服务没有应答，请求没有发出。请稍后再试。',
    ),
    'hub.too_slow': say(
      'The hub took longer than a minute. Ask for less at a time and run it again.',
      '城市枢纽超过一分钟没有应答。请减少单次请求的数量，然后重新运行。',
    ),
    'hub.not_understood': say(
      'What answered is not the hub. A proxy may stand in between; tell the operator.',
      '应答的不是城市枢纽，中间可能有代理。请告知运营方。',
    ),
  }
  return { errors: [{ message: messages[code], extensions: { code, ...facts } }] }
}
