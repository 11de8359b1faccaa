/** A queue in which owners take turns: who asks for much waits behind his own. */
export class FairQueue<T> {
  private readonly owners = new Map<string, T[]>();

  /** How many items wait. */
  get size(): number {
    let size = 0;
    for (const items of this.owners.values()) size += items.length;
    return size;
  }

  /** Puts an item behind its owner's others. */
  push(owner: string, item: T): void {
    const items = this.owners.get(owner);
    if (items === undefined) this.owners.set(owner, [item]);
    else items.push(item);
  }

  /** Puts an item before all others. */
  unshift(owner: string, item: T): void {
    const items = this.owners.get(owner) ?? [];
    items.unshift(item);
    this.owners.delete(owner);
    const later = [...this.owners];
    this.owners.clear();
    this.owners.set(owner, items);
    for (const [name, theirs] of later) this.owners.set(name, theirs);
  }

  /** The next item: the first of the owner whose turn it is, who then goes to the end. */
  shift(): T | undefined {
    for (const [owner, items] of this.owners) {
      const item = items.shift();
      this.owners.delete(owner);
      if (items.length > 0) this.owners.set(owner, items);
      return item;
    }
    return undefined;
  }

  /** Takes an item out; false when it is not there. */
  remove(owner: string, item: T): boolean {
    const items = this.owners.get(owner);
    const index = items?.indexOf(item) ?? -1;
    if (items === undefined || index < 0) return false;
    items.splice(index, 1);
    if (items.length === 0) this.owners.delete(owner);
    return true;
  }

  /** Takes all items out. */
  clear(): T[] {
    const items = [...this.owners.values()].flat();
    this.owners.clear();
    return items;
  }
}
