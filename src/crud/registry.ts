import type { Definition, Part } from './definition.js'

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

/** The resources that a part, or a list below it, refers to. */
function referredTo({ references = {}, collections = {} }: Part): Definition[] {
  const own = Object.values(references).map((resource) => resource())
  return [...own, ...Object.values(collections).flatMap(referredTo)]
}

/** Every resource behind all those that it refers to, so that records can be stored in this order. */
export function inReferenceOrder(): Definition[] {
  const ordered = new Set<Definition>()
  const visit = (definition: Definition): void => {
    if (ordered.has(definition)) return
    for (const other of referredTo(definition)) if (other !== definition) visit(other)
    ordered.add(definition)
  }
  for (const definition of definitions) visit(definition)
  return [...ordered]
}
