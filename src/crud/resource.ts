import { pageOf, patchOf } from '../http/schema.js'
import type { Definition } from './definition.js'
import { registerDefinition } from './registry.js'

/** What a resource has to say of itself; the rest follows. */
type Declaration = Omit<Definition, 'patch' | 'page' | 'below'> & Partial<Pick<Definition, 'below'>>

/** Declares a resource of the registry: its patch and page schemas follow from the others. */
export function defineResource(declaration: Declaration): Definition {
  const definition = {
    below: [],
    ...declaration,
    patch: patchOf(declaration.input),
    page: pageOf(declaration.record, declaration.name),
  }
  registerDefinition(definition)
  return definition
}
