import t from 'tap'
import { contract, isUnreachable, makeWorkspace, startService } from './workspace.js'

const workspace = await makeWorkspace(t, 'go')

/** Why there is no story here: the generator needs Go 1.25, and modules of the proxy. */
async function whyNot(): Promise<string | false> {
  const { output } = await workspace.attempt('go', ['env', 'GOVERSION'])
  const minor = Number(/^go1\.(\d+)/.exec(output)?.[1] ?? 0)
  if (minor < 25) return 'Go 1.25 or newer is not installed'
  return isUnreachable(await workspace.attempt('go', ['mod', 'download'])) && 'the Go proxy cannot be reached'
}

t.test('the client of oapi-codegen tells the story', { skip: await whyNot() }, async (t) => {
  const run = (...parameters: string[]) =>
    workspace.run(t, `go ${parameters.slice(0, 2).join(' ')}`, 'go', parameters)
  await run('mod', 'verify')
  await run('tool', 'oapi-codegen', '-config', 'oapi-codegen.yaml', contract)
  await run('vet', './...')
  await workspace.tell(t, 'go', ['run', '.'], await startService(t))
})
