import type { Definition } from './definition.js'

const definitions: Definition[] = []

/** Makes a resource known to the write path, which has to know who refers to whom. */
export function registerDefinition(definition: Definition): void {
  definitions.push(definition)
}

/** Every resource declared so far; all of them, once `src/resources/index.ts` is loaded. */
export const allDefinitions = (): readonly Definition[] => definitions

/** The resource of a name that some resource gave; throws where there is none. */
export function definitionOf(name: string): Definition {
  const definition = definitions.find((candidate) => candidate.name === name)
  if (definition === undefined) throw new Error(`no resource is called "${name}"`)
  return definition
}
