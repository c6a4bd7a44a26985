import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { API_PREFIX } from '../../src/contract/api.ts'
import { folder } from '../builders/folder.ts'
import { a } from '../builders/ledger.ts'
import { jsonOf, rawGet, type ServedPlace, servedPlace } from '../builders/server.ts'

const event = { event: 'received', model: a, from: 'Vendor Ltd' }
const withModel = () => servedPlace((place) => place.scan({ '/models/a': a }))

/** Signs in as a browser does; the cookie. */
async function cookieOf({ serving, post }: ServedPlace): Promise<string> {
  const answer = await post('session', { token: serving.ownToken }, { 'sec-fetch-site': 'same-origin' })
  return answer.headers.get('set-cookie')!.split(';')[0]!
}

describe('a path that leads out', () => {
  const WAYS = [
    '/../../../etc/passwd',
    '/..%2f..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%5c..%5cetc%5cpasswd',
    '/%00',
    '//etc/passwd',
    '/assets/....//....//etc/passwd',
  ]

  it('finds no file', async () => {
    const served = await withModel()
    for (const way of WAYS) {
      const { body } = await rawGet(served, way)
      expect([way, body.includes('root:')]).toEqual([way, false])
    }
  })

  it('is no model’s name either', async () => {
    const served = await withModel()
    for (const name of ['..%2f..%2fetc%2fpasswd', '%2fetc%2fpasswd'])
      expect((await rawGet(served, `${API_PREFIX}/models/${name}`)).status).toBe(404)
  })

  it('is not scanned, by name or by a link', async () => {
    const root = folder({ 'inside/model.txt': 'x', 'inside/out': { link: '/etc' } })
    const served = await servedPlace(undefined, { roots: [`${root}/inside`] })
    const headers = await served.as('recorder')
    for (const path of ['/etc', '../', `${root}/inside/../..`, `${root}/inside/out`, 'missing', 'a\0b']) {
      const answer = await served.post('scans', { paths: [path] }, headers)
      expect([path, answer.status]).toEqual([path, 403])
    }
  })

  it('by a link inside a scanned folder is a problem of the scan, and not followed', async () => {
    const root = folder({ 'inside/model.txt': 'x', 'inside/out': { link: '/etc' } })
    const served = await servedPlace(undefined, { roots: [`${root}/inside`] })
    const headers = await served.as('recorder')
    const { id } = await jsonOf<{ id: string }>(await served.post('scans', { paths: ['.'] }, headers))
    const events = await (await served.get(`jobs/${id}/events`, headers)).text()
    const last = JSON.parse(
      events
        .trim()
        .split('\n')
        .findLast((line) => line.startsWith('data: '))!
        .slice('data: '.length),
    )
    expect(last.result.problems).toMatchObject([{ path: 'out', code: 'unsafe-path' }])
  })
})

describe('a body', () => {
  it('that is larger than taken is refused before it is read', async () => {
    const served = await withModel()
    const headers = await served.as('recorder')
    expect((await served.post('records', 'x'.repeat(9 * 1024 * 1024), headers)).status).toBe(413)
  })

  it('that is packed is refused, so that nothing unpacks to more than it says', async () => {
    const served = await withModel()
    const headers = { ...(await served.as('recorder')), 'content-encoding': 'gzip' }
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    expect((await served.post('records', bomb, headers)).status).toBe(415)
    expect((await served.post('decisions?name=log.csv.gz&decision=d&favourable=1', bomb, headers)).status).toBe(415)
  })

  it('of a packed log under a name that says so is refused', async () => {
    const served = await withModel()
    const headers = { ...(await served.as('recorder')), 'content-type': 'application/octet-stream' }
    const answer = await served.post('decisions?name=log.csv.gz&decision=d&favourable=1&model=a', 'x', headers)
    expect((await jsonOf<{ code: string }>(answer)).code).toBe('bad-option')
  })

  it('that is no JSON, or no such JSON, is a problem and not a fault', async () => {
    const served = await withModel()
    const headers = await served.as('recorder')
    for (const body of [
      '{',
      '[]',
      'null',
      '"x"',
      '{"event":"received"}',
      '{"__proto__":{"role":"steward"}}',
      '[['.repeat(50_000),
      '{"event":"created","model":1}',
      '\ufffe',
    ])
      expect([body.slice(0, 40), (await served.post('records', body, headers)).status]).toEqual([
        body.slice(0, 40),
        400,
      ])
    expect(served.faults).toEqual([])
  })

  it('of another type than announced for an upload is refused, as no form can send it', async () => {
    const served = await withModel()
    const headers = { ...(await served.as('recorder')), 'content-type': 'text/plain' }
    expect((await served.post('prints', 'x', headers)).status).toBe(415)
  })

  it('that is no print is refused, and nothing of it stays', async () => {
    const served = await withModel()
    const headers = { ...(await served.as('recorder')), 'content-type': 'application/octet-stream' }
    const before = await served.place.work((estate) => estate.ledgerHead())
    expect((await served.post('prints', 'no print at all', headers)).status).toBe(422)
    expect(await served.place.work((estate) => estate.ledgerHead())).toEqual(before)
  })

  it('that does not come is given up', { timeout: 30_000 }, async () => {
    const served = await withModel()
    const { hostname, port } = new URL(served.serving.address)
    const { authorization } = await served.as('recorder')
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST ${API_PREFIX}/records HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"event"`,
    )
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      socket.on('data', (piece) => {
        text += piece
      })
      socket.on('close', () => resolve(text))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 408/)
  })
})

describe('headers', () => {
  it('that do not come to an end are given up', { timeout: 30_000 }, async () => {
    const served = await withModel()
    const { hostname, port } = new URL(served.serving.address)
    const socket = connect(Number(port), hostname)
    socket.write('GET / HTTP/1.1\r\nHost: ')
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      socket.on('data', (piece) => {
        text += piece
      })
      socket.on('close', () => resolve(text))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 408/)
  })
})

describe('a token', () => {
  it('cannot be guessed for long', async () => {
    const served = await withModel()
    const tries = Array.from({ length: 30 }, (_, at) => served.get('models', { authorization: `Bearer yukue_${at}` }))
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
    expect(statuses.filter((status) => status === 200)).toEqual([])
  })

  it('is kept as its digest only', async () => {
    const served = await withModel()
    const { authorization } = await served.as('steward')
    const tokens = await served.place.work((estate) => estate.tokens())
    expect(JSON.stringify(tokens)).not.toContain(authorization!.replace('Bearer ', ''))
  })

  it('that is revoked lets nobody in, nor whoever signed in with it', async () => {
    const served = await withModel()
    const { authorization } = await served.as('steward')
    const token = authorization!.replace('Bearer ', '')
    const answer = await served.post('session', { token }, { 'sec-fetch-site': 'same-origin' })
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
    const [{ id } = { id: '' }] = await served.place.work((estate) => estate.tokens())
    expect((await served.get('models', { cookie })).status).toBe(200)
    await served.place.work((estate) => estate.revokeToken(id, served.place.time()))
    expect((await served.get('models', { authorization: authorization! })).status).toBe(401)
    expect((await jsonOf<{ role: string }>(await served.get('session', { cookie }))).role).toBe('reader')
  })

  it('made by anyone ends reading without one', async () => {
    const served = await withModel()
    expect((await served.get('models')).status).toBe(200)
    await served.as('reader')
    expect((await served.get('models')).status).toBe(401)
  })
})

describe('a page of another site', () => {
  it('changes nothing with the cookie of a browser', async () => {
    const served = await withModel()
    const cookie = await cookieOf(served)
    const tries: Record<string, string>[] = [
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
      { cookie },
    ]
    for (const headers of tries) expect((await served.post('records', event, headers)).status).toBe(403)
    expect((await served.post('records', event, { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
  })

  it('signs nobody in', async () => {
    const served = await withModel()
    const headers = { 'sec-fetch-site': 'cross-site' }
    expect((await served.post('session', { token: served.serving.ownToken }, headers)).status).toBe(403)
  })

  it('is not let in by a name of its own that points here', async () => {
    const served = await withModel()
    expect((await rawGet(served, `${API_PREFIX}/models`, { host: 'evil.example' })).status).toBe(421)
    expect((await rawGet(served, `${API_PREFIX}/models`, { host: 'localhost:80' })).status).toBe(200)
  })

  it('is never sent to: no answer names another address', async () => {
    const served = await withModel()
    for (const path of [
      '//evil.example',
      '//evil.example/%2f..',
      '/\\evil.example',
      '/api/v1/session?next=https://evil.example',
      '/login?return=//evil.example',
    ]) {
      const { status, headers } = await rawGet(served, path)
      expect([path, headers['location'], status >= 300 && status < 400]).toEqual([path, undefined, false])
    }
  })

  it('does not read the cookie: no script has it, and no other site sends it', async () => {
    const served = await withModel()
    const answer = await served.post('session', { token: served.serving.ownToken }, { 'sec-fetch-site': 'same-origin' })
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/i)
  })
})

describe('markup in what a model file says', () => {
  const NAMES = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '</title><svg onload=alert(1)>']

  it('goes out as data that no browser takes for a page', async () => {
    const served = await servedPlace((place) =>
      place.scan(Object.fromEntries(NAMES.map((name) => [`/models/${name}`, a]))),
    )
    for (const path of [
      'models',
      `models/${a}`,
      `models/${a}/trace`,
      `models/${a}/graph`,
      'statements',
      `models/${encodeURIComponent(NAMES[0]!)}`,
    ]) {
      const answer = await served.get(path)
      expect([path, answer.headers.get('content-type')]).toEqual([
        path,
        expect.stringMatching(/^application\/(problem\+)?json/),
      ])
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('would find scripts, styles of its own, and frames forbidden', async () => {
    const { serving } = await withModel()
    for (const path of ['/', '/api', '/api/v1/models']) {
      const policy = (await fetch(serving.address + path)).headers.get('content-security-policy')!
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
    }
  })
})

describe('a statement signed elsewhere', () => {
  it('is not taken from whoever is not known, nor where it makes facts of claims', async () => {
    const served = await withModel()
    const headers = await served.as('recorder')
    const own = await jsonOf<{ envelope: object }>(await served.get('statements/0', headers))
    expect((await jsonOf<{ code: string }>(await served.post('statements', own.envelope, headers))).code).toBe(
      'refused-statement',
    )
    const forged = { ...own.envelope, signatures: [{ keyid: '00', sig: 'AAAA' }] }
    expect((await served.post('statements', forged, headers)).status).toBe(422)
  })
})
