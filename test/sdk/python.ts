import { join } from 'node:path'
import t from 'tap'
import { contract, isUnreachable, makeWorkspace, startService } from './workspace.js'

const workspace = await makeWorkspace(t, 'python')
const bin = join(workspace.folder, '.venv', 'bin')
const python = join(bin, 'python')
const install = ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--requirement', 'requirements.txt']

/** Why there is no story here: the generator, and what it makes, need Python 3.11 and packages of PyPI. */
async function whyNot(): Promise<string | false> {
  const check = 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))'
  const { succeeded } = await workspace.attempt('python3', ['-c', check])
  if (!succeeded) return 'Python 3.11 or newer is not installed'
  await workspace.attempt('python3', ['-m', 'venv', '.venv'])
  return isUnreachable(await workspace.attempt(python, install)) && 'PyPI cannot be reached'
}

t.test('the client of openapi-python-client tells the story', { skip: await whyNot() }, async (t) => {
  const run = (message: string, parameters: string[]) =>
    // The generator formats what it makes with the ruff that it finds.
    workspace.run(t, message, python, parameters, { PATH: `${bin}:${process.env.PATH}` })
  await run('pip install', install)
  const generate = ['-m', 'openapi_python_client', 'generate', '--path', contract]
  await run('openapi-python-client', [
    ...generate,
    '--meta',
    'none',
    '--output-path',
    'openrmat',
    '--overwrite',
  ])
  await run('compileall', ['-m', 'compileall', '-q', 'openrmat'])
  // All but client.py, which is the same whatever the contract, and not as strict.
  const strict = ['-m', 'mypy', '--strict', '--follow-imports', 'silent']
  await run('mypy, with the story', [...strict, 'story.py', 'openrmat/models', 'openrmat/api'])
  await workspace.tell(t, python, ['story.py'], await startService(t))
})
