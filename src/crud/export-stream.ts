import { Readable, type Writable } from 'node:stream'

/**
 * A stream of texts to be piped, of which each is asked for only when the one before has left the process: until then
 * nobody may change its bytes, from then on its memory can be used again.
 */
export class ExportStream extends Readable {
  readonly #texts: AsyncIterable<string | Buffer>

  constructor(texts: AsyncIterable<string | Buffer>) {
    super()
    this.#texts = texts
  }

  override pipe<Destination extends NodeJS.WritableStream>(
    destination: Destination,
    { end = true }: { end?: boolean } = {},
  ): Destination {
    this.#writeAll(destination as unknown as Writable).then(
      () => {
        if (end) destination.end()
        this.push(null)
        this.resume()
      },
      (error) => this.destroy(error),
    )
    return destination
  }

  async #writeAll(destination: Writable): Promise<void> {
    for await (const text of this.#texts) {
      if (this.destroyed || destination.destroyed) return
      if (text.length > 0) await written(destination, text)
    }
  }
}

/** Resolves when a text has left; rejects when whoever asked for it has gone. */
function written(destination: Writable, text: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('Whoever asked for it has gone'))
    destination.once('close', gone)
    destination.write(text, (error) => {
      destination.off('close', gone)
      if (error) reject(error)
      else resolve()
    })
  })
}
