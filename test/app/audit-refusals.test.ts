import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'

const FLAGS = '--decision d --favourable yes --group g'
const utf16 = (order: 'le' | 'be', mark: boolean) => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}g,d\na,yes\nb,no\n`, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}
const latin1 = Buffer.concat([Buffer.from('g,d\nJosé,yes\nJos'), Buffer.from([0xe9]), Buffer.from(',no\n')])

describe('an audit refuses, in one line that says where,', () => {
  it.each([
    {
      what: 'a column that is not there',
      log: 'g,d\na,yes\n',
      args: '--decision x --favourable yes',
      says: /no column x\. It has: g, d/,
    },
    {
      what: 'a favourable value that nobody has',
      log: 'g,d\na,no\n',
      args: FLAGS,
      says: /column d: no row has the value “yes”/,
    },
    {
      what: 'two spellings of favourable',
      log: 'g,d\na,yes\nb,no\na,YES\n',
      args: FLAGS,
      says: /row 3, column d: “YES” may mean the same as “yes”/,
    },
    { what: 'true beside yes', log: 'g,d\na,yes\nb,true\n', args: FLAGS, says: /row 2, column d: “true”/ },
    {
      what: 'a weight that is no whole number',
      log: 'g,d,w\na,yes,1\nb,no,1.5\n',
      args: `${FLAGS} --weight w`,
      says: /row 2, column w: “1.5”/,
    },
    { what: 'an empty weight', log: 'g,d,w\na,yes,\n', args: `${FLAGS} --weight w`, says: /row 1, column w/ },
    {
      what: 'a score in words',
      log: 'g,s\na,1\nb,high\n',
      args: '--score s --group g',
      says: /row 2, column s: “high” is not a number/,
    },
    {
      what: 'a date in a second format',
      log: 'g,d,t\na,yes,2024-01-31\nb,no,31/01/2024\n',
      args: `${FLAGS} --time t`,
      says: /row 2, column t: “31\/01\/2024” is not a date/,
    },
    {
      what: 'a day that does not exist',
      log: 'g,d,t\na,yes,2024-02-30\n',
      args: `${FLAGS} --time t`,
      says: /row 1, column t: “2024-02-30”/,
    },
    {
      what: 'a probability of 1.7',
      log: 'd,p,y\nyes,0.5,1\nno,1.7,0\n',
      args: '--effect --decision d --favourable yes --probability p --outcome y',
      says: /row 2, column p: “1.7” is not a probability/,
    },
    { what: 'a row with a field too few', log: 'g,d\na,yes\nb\n', args: FLAGS, says: /row 2: .*Columns/ },
    { what: 'a quotation mark left open', log: 'g,d\na,"yes\n', args: FLAGS, says: /row 1: .*quote/ },
    { what: 'two columns of one name', log: 'g,g,d\na,b,yes\n', args: FLAGS, says: /two columns named g/ },
    { what: 'a heading without rows', log: 'g,d\n', args: FLAGS, says: /no rows/ },
    { what: 'an empty file', log: '', args: FLAGS, says: /no rows/ },
    { what: 'bytes of another encoding', log: latin1, args: FLAGS, says: /row 2, column g: byte 17 is not UTF-8/ },
    {
      what: 'a share to leave out without a reason',
      log: 'g,d\na,yes\n',
      args: `${FLAGS} --min-share 2%`,
      says: /--min-share needs --justification/,
    },
    {
      what: 'a favourable value without a decision',
      log: 'g,d\na,yes\n',
      args: '--favourable yes',
      says: /--favourable needs --decision/,
    },
    {
      what: 'a probability of 1.7 where no effect is asked for',
      log: 'g,d,p\na,yes,0.5\nb,no,1.7\n',
      args: `${FLAGS} --probability p`,
      says: /row 2, column p: “1.7” is not a probability/,
    },
    { what: 'UTF-16 of the other byte order', log: utf16('be', true), args: FLAGS, says: /higher byte first/ },
    { what: 'UTF-16 without its mark', log: utf16('le', false), args: FLAGS, says: /UTF-16 without its mark/ },
    {
      what: 'a date that is not in the format named',
      log: 'g,d,t\na,yes,31/01/2024\nb,no,2024-01-31\n',
      args: `${FLAGS} --time t --time-format %d/%m/%Y`,
      says: /row 2, column t: “2024-01-31” is not a date as --time-format %d\/%m\/%Y says/,
    },
    {
      what: 'two spellings of a positive outcome of an effect',
      log: 'u,t,g,y\na,1,0,yes\nb,1,0,no\na,2,0,Yes\n',
      args: '--effect --unit u --time t --adopted g --outcome y --positive yes',
      says: /row 3, column y: “Yes” may mean the same as “yes”/,
    },
    {
      what: 'a reference that nobody is in',
      log: 'g,d\na,yes\nb,no\n',
      args: `${FLAGS} --reference g=c`,
      says: /column g: no row has the value “c”\. It has: a, b/,
    },
    {
      what: 'a reference of an attribute that is not asked about',
      log: 'g,d\na,yes\nb,no\n',
      args: `${FLAGS} --reference h=c`,
      says: /--reference needs --group h/,
    },
    {
      what: 'a parent site that is not in the log',
      log: 'g,d,s\na,yes,x\nb,no,y\n',
      args: `${FLAGS} --site s --parent-site z`,
      says: /column s: no row has the value “z”/,
    },
    {
      what: 'a design without --effect',
      log: 'g,d\na,yes\nb,no\n',
      args: `${FLAGS} --adopted t`,
      says: /--adopted needs --effect/,
    },
    { what: 'a group named twice', log: 'g,d\na,yes\n', args: `${FLAGS} --group g`, says: /--group is given twice/ },
    { what: 'a window without a time', log: 'g,d\na,yes\n', args: `${FLAGS} --from 2024-01-01`, says: /needs --time/ },
    {
      what: 'a last day that does not exist',
      log: 'g,d,t\na,yes,2024-01-01\n',
      args: `${FLAGS} --time t --to 2024-02-30`,
      says: /--to does not take “2024-02-30”/,
    },
    {
      what: 'a report that nobody knows',
      log: 'g,d\na,yes\n',
      args: `${FLAGS} --report gdpr`,
      says: /--report does not take “gdpr”/,
    },
  ])('$what', async ({ log, args, says }) => {
    const cwd = folder({ 'log.csv': log })
    const { code, stdout, stderr } = await yukue(['audit', 'log.csv', '--quiet', ...args.split(' ')], { cwd })
    expect({ code, stdout, says: says.test(stderr), lines: stderr.trim().split('\n').length }).toEqual({
      code: 2,
      stdout: '',
      says: true,
      lines: 1,
    })
  })

  it.each([
    { what: 'a file of another kind', path: 'log.xlsx', says: /not a decision log that can be read/ },
    { what: 'a Parquet file that is none', path: 'log.parquet', says: /log\.parquet: .*magic bytes/ },
    { what: 'a path where nothing is', path: 'gone.csv', says: /nothing at gone\.csv/ },
    { what: 'a database without a table', path: 'log.duckdb', says: /needs --table/ },
    { what: 'a folder of two kinds', path: '.', says: /not a decision log that can be read/ },
  ])('$what', async ({ path, says }) => {
    const cwd = folder({ 'log.xlsx': 'x', 'log.parquet': 'nothing like it', 'log.duckdb': 'x' })
    const { code, stderr } = await yukue(['audit', path, '--quiet', ...FLAGS.split(' ')], { cwd })
    expect([code, says.test(stderr)]).toEqual([2, true])
  })
})

it('a path with the signs of a pattern is that file', async () => {
  const cwd = folder({ 'a[1]*.csv': 'g,d\na,yes\n', 'a1.csv': 'g,d\nb,no\nb,yes\n' })
  const { stdout } = await yukue(['audit', 'a[1]*.csv', '--json', '--quiet', ...FLAGS.split(' ')], { cwd })
  expect(JSON.parse(stdout).rows).toBe(1)
})

it('a hostile column name is a name', async () => {
  const cwd = folder({ 'log.csv': `"g""; DROP TABLE x; --",d\na,yes\nb,no\n` })
  const { stdout } = await yukue(
    [
      'audit',
      join(cwd, 'log.csv'),
      '--json',
      '--quiet',
      '--decision',
      'd',
      '--favourable',
      'yes',
      '--group',
      'g"; DROP TABLE x; --',
    ],
    { cwd },
  )
  expect(JSON.parse(stdout).attributes[0].categories).toHaveLength(2)
})
