/** Typed text that the server has not acknowledged yet, kept on this device (IndexedDB). */

export type Fields = [name: string, value: string][];

/** One save as it was sent: a retry repeats it to the letter, key included. */
export interface Save {
  key: string;
  version: string;
  fields: Fields;
}

export interface Draft {
  /** Person and address: a shared computer never shows one person's text to another. */
  id: string;
  at: number;
  version: string;
  fields: Fields;
  unsent: Save | null;
}

const KEPT = 30 * 24 * 3600 * 1000;

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("bukti", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await opened();
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = database.transaction("drafts", mode);
        const request = act(transaction.objectStore("drafts"));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  } catch {
    return undefined; // a private window may refuse storage; typing goes on without it
  }
}

/** The draft, unless it is too old to be meant. */
export async function recall(id: string): Promise<Draft | undefined> {
  const draft = await within<Draft | undefined>("readonly", (store) => store.get(id));
  if (draft === undefined || Date.now() - draft.at < KEPT) return draft;
  await forget(id);
  return undefined;
}

export async function remember(draft: Draft): Promise<void> {
  await within("readwrite", (store) => store.put(draft));
}

export async function forget(id: string): Promise<void> {
  await within("readwrite", (store) => store.delete(id));
}
