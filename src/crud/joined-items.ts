/** The bytes of items one after the other, in memory that is used again for the next ones. */
export class JoinedItems {
  #memory = Buffer.allocUnsafeSlow(64 * 1024)
  #length = 0
  readonly #separator: Buffer

  constructor(separator: string) {
    this.#separator = Buffer.from(separator)
  }

  /** What was added since it was emptied; gone when it is emptied. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length)
  }

  empty(): void {
    this.#length = 0
  }

  add(item: Buffer): void {
    this.#reserve(this.#separator.length + item.length)
    if (this.#length > 0) this.#length += this.#separator.copy(this.#memory, this.#length)
    this.#length += item.copy(this.#memory, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#memory.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#memory.length))
    this.bytes.copy(larger)
    this.#memory = larger
  }
}
