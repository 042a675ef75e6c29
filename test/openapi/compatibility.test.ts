import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { makeFolder } from '../support/process.js'
import { changesOf } from './compatibility.js'
import { type Contract, readContract } from './contract.js'

const released = new URL('../../openapi/released/openapi.json', import.meta.url)
const script = fileURLToPath(new URL('../../bin/release-contract.mjs', import.meta.url))

const none = { breaking: [], notable: [] }

/** A small contract with everything that can change in one. */
const small = () => ({
  info: { version: '1.0.0' },
  tags: [],
  paths: {
    '/v1/therapies': {
      get: {
        operationId: 'listTherapies',
        security: [{}, { ApiKey: [] }],
        parameters: [
          { $ref: '#/components/parameters/Limit' },
          { name: 'modality', in: 'query', schema: { type: 'string', enum: ['car-t', 'tcr-t'] } },
          { name: 'sort', in: 'query', schema: {} },
        ],
        responses: {
          200: {
            description: 'A page.',
            headers: { ETag: { schema: { type: 'string' } } },
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/Therapy' } },
              'text/csv': { schema: { type: 'string' } },
            },
          },
          404: { $ref: '#/components/responses/NotFound' },
        },
      },
      post: {
        operationId: 'createTherapy',
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewTherapy' } } },
        },
        responses: { 201: { description: 'It is made.' } },
      },
    },
  },
  components: {
    parameters: {
      Limit: { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000 } },
    },
    responses: { NotFound: { description: 'There is none.' } },
    examples: {},
    schemas: {
      Modality: { type: 'string', enum: ['car-t', 'tcr-t'] },
      Therapy: {
        type: 'object',
        required: ['name', 'modality', 'names'],
        properties: {
          name: { type: 'string' },
          modality: { anyOf: [{ $ref: '#/components/schemas/Modality' }, { type: 'null' }] },
          names: { type: 'array', items: { type: 'string' } },
          changed: { type: 'string', format: 'date-time' },
          parent: { $ref: '#/components/schemas/Therapy' },
        },
      },
      NewTherapy: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 300, pattern: '\\S' },
          year: { type: 'number' },
          note: { type: ['string', 'null'] },
          counts: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
        },
      },
    },
  },
})

type Small = ReturnType<typeof small>
// biome-ignore lint/suspicious/noExplicitAny: a change may be to whatever is in the contract
type Loose = any

/** The changes that a change of the small contract makes. */
function after(change: (contract: Loose, list: Loose, schemas: Loose) => void) {
  const contract: Small = small()
  change(contract, contract.paths['/v1/therapies'].get, contract.components.schemas)
  return changesOf(small() as unknown as Contract, contract as unknown as Contract)
}

const at = 'GET /v1/therapies'
const posted = 'POST /v1/therapies body'

const breaks: Record<string, [change: Parameters<typeof after>[0], message: string]> = {
  'a component goes': [
    (_, __, schemas) => {
      schemas.Therapy.properties.modality.anyOf[0] = schemas.Modality
      delete schemas.Modality
    },
    'Modality: the component is gone, of which clients have a type',
  ],
  'an operation goes': [
    (contract) => {
      delete contract.paths['/v1/therapies'].get
    },
    `${at}: the operation is gone`,
  ],
  'an operation is called otherwise': [
    (_, list) => {
      list.operationId = 'findTherapies'
    },
    `${at}: operationId was listTherapies, which clients are generated from`,
  ],
  'a key is needed': [
    (_, list) => {
      list.security = [{ ApiKey: [] }]
    },
    `${at}: a key is needed now`,
  ],
  'a key is needed for all that says nothing else': [
    (contract) => {
      contract.security = [{ ApiKey: [] }]
    },
    'POST /v1/therapies: a key is needed now',
  ],
  'a parameter goes': [
    (_, list) => {
      list.parameters.shift()
    },
    `${at}: the parameter limit is gone`,
  ],
  'a parameter becomes needed': [
    (_, list) => {
      list.parameters[1].required = true
    },
    `${at}: the parameter modality is needed now`,
  ],
  'a new parameter is needed': [
    (_, list) => {
      list.parameters.push({ name: 'q', in: 'query', required: true, schema: {} })
    },
    `${at}: the parameter q is needed now`,
  ],
  'a range is tightened': [
    (contract) => {
      contract.components.parameters.Limit.schema.maximum = 100
    },
    `${at} ?limit: maximum is 100 now, and was 1000`,
  ],
  'a range gets an end': [
    (contract) => {
      contract.components.parameters.Limit.schema.minimum = 2
    },
    `${at} ?limit: minimum is 2 now, and was 1`,
  ],
  'a word of an input goes': [
    (_, list) => {
      list.parameters[1].schema.enum.pop()
    },
    `${at} ?modality: tcr-t is not taken any more`,
  ],
  'an input becomes a choice of words': [
    (_, __, schemas) => {
      schemas.NewTherapy.properties.name.enum = ['lasme-cel']
    },
    `${posted}.name: only lasme-cel are taken now`,
  ],
  'an input gets a type': [
    (_, list) => {
      list.parameters[2].schema.type = 'string'
    },
    `${at} ?sort: only string is taken now`,
  ],
  'an input takes no null any more': [
    (_, __, schemas) => {
      schemas.NewTherapy.properties.note.type = 'string'
    },
    `${posted}.note: null is not taken any more`,
  ],
  'an input is narrowed to integers': [
    (_, __, schemas) => {
      schemas.NewTherapy.properties.year.type = 'integer'
    },
    `${posted}.year: number is not taken any more`,
  ],
  'a pattern changes': [
    (_, __, schemas) => {
      schemas.NewTherapy.properties.name.pattern = '^\\S+$'
    },
    `${posted}.name: pattern is "^\\\\S+$" now, and was "\\\\S"`,
  ],
  'a body becomes needed': [
    (contract) => {
      contract.paths['/v1/therapies'].post.requestBody.required = true
    },
    'POST /v1/therapies: a body is needed now',
  ],
  'a field of a body goes': [
    (_, __, schemas) => {
      delete schemas.NewTherapy.properties.year
    },
    `${posted}.year: the field is gone`,
  ],
  'a field of a body becomes needed': [
    (_, __, schemas) => {
      schemas.NewTherapy.required.push('year')
    },
    `${posted}: year is needed now`,
  ],
  'a value of a map is tightened': [
    (_, __, schemas) => {
      schemas.NewTherapy.properties.counts.additionalProperties.minimum = 1
    },
    `${posted}.counts.*: minimum is 1 now, and was 0`,
  ],
  'a status goes': [
    (_, list) => {
      delete list.responses[404]
    },
    `${at} 404: the status is gone`,
  ],
  'a header goes': [
    (_, list) => {
      delete list.responses[200].headers
    },
    `${at} 200: the header ETag is gone`,
  ],
  'a media type goes': [
    (_, list) => {
      delete list.responses[200].content['text/csv']
    },
    `${at} 200: the media type text/csv is gone`,
  ],
  'a field of an answer goes': [
    (_, __, schemas) => {
      delete schemas.Therapy.properties.changed
    },
    `${at} 200.changed: the field is gone`,
  ],
  'a field of an answer may be absent': [
    (_, __, schemas) => {
      schemas.Therapy.required = ['name', 'modality']
    },
    `${at} 200: names may be absent now`,
  ],
  'a field of an answer may be null': [
    (_, __, schemas) => {
      schemas.Therapy.properties.name.type = ['string', 'null']
    },
    `${at} 200.name: it may be null now`,
  ],
  'a field of an answer has any type': [
    (_, __, schemas) => {
      schemas.Therapy.properties.names.items = {}
    },
    `${at} 200.names[]: it may be anything now`,
  ],
  'a field of an answer is read otherwise': [
    (_, __, schemas) => {
      schemas.Therapy.properties.changed.format = 'date'
    },
    `${at} 200.changed: format is date now, and was date-time`,
  ],
}

t.test('what breaks clients is found, each by itself', async (t) => {
  for (const [name, [change, message]] of Object.entries(breaks))
    t.same(after(change), { breaking: [message], notable: [] }, name)
})

const harmless: Record<string, Parameters<typeof after>[0]> = {
  nothing: () => undefined,
  'a new path': (contract) => {
    contract.paths['/v1/vectors'] = {}
  },
  'a new parameter': (_, list) => {
    list.parameters.push({ name: 'q', in: 'query', schema: {} })
  },
  'a wider range': (contract) => {
    contract.components.parameters.Limit.schema.maximum = 5000
  },
  'a new word of an input': (_, list) => {
    list.parameters[1].schema.enum.push('til')
  },
  'a new field of an answer': (_, __, schemas) => {
    schemas.Therapy.properties.note = { type: 'string' }
  },
  'a field that is always there now': (_, __, schemas) => {
    schemas.Therapy.required.push('changed')
  },
  'a field that is never null any more': (_, __, schemas) => {
    schemas.Therapy.properties.modality = { $ref: '#/components/schemas/Modality' }
  },
  'a new field of a body': (_, __, schemas) => {
    schemas.NewTherapy.properties.stage = { type: 'string' }
  },
  'a new status': (_, list) => {
    list.responses[429] = { description: 'Too many.' }
  },
}

t.test('what breaks nobody is let pass', async (t) => {
  for (const [name, change] of Object.entries(harmless)) t.same(after(change), none, name)
})

t.test('a new word in an answer is told, and breaks nobody who reads the policy', async (t) => {
  const { breaking, notable } = after((_, __, schemas) => {
    schemas.Modality.enum.push('til')
  })
  t.same(breaking, [])
  t.same(notable, [`${at} 200.modality: there is a new word, til`])
})

t.test('a release keeps what clients rely on of the contract, and it is the contract itself', async (t) => {
  const file = `${makeFolder(t)}/released.json`
  t.equal(spawnSync(process.execPath, [script, file]).status, 0)
  const kept = JSON.parse(await readFile(file, 'utf8'))
  t.same(changesOf(kept, await readContract()), none)
  t.same(changesOf(await readContract(), kept), none)
  t.match(
    kept.components.schemas.Therapy.properties.summary,
    { type: ['string', 'null'] },
    'fields may be called so',
  )
  t.notMatch(JSON.stringify(kept), '"description":"')
})

t.test('the contract breaks nobody who uses the last released one', async (t) => {
  const { breaking, notable } = changesOf(JSON.parse(await readFile(released, 'utf8')), await readContract())
  for (const message of notable) t.comment(message)
  t.same(breaking, [], 'docs/versioning.md says what to do')
})
