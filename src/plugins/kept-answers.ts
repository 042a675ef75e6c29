import fp from 'fastify-plugin'
import { snapshotsOf } from '../db/snapshots.js'
import { KeptAnswers } from '../http/answers.js'

export interface KeptAnswersOptions {
  /** How many bytes of answers this process may keep; 0 keeps none. */
  keptBytes: number
}

/** Keeps answers that are asked for again. */
export const keptAnswersPlugin = fp<KeptAnswersOptions>(
  async (app, { keptBytes }) => {
    app.decorate('answers', new KeptAnswers(snapshotsOf(app.database), keptBytes))
  },
  { name: 'kept-answers', fastify: '5.x', dependencies: ['database'] },
)
