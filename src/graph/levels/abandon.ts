/** Thrown where a value is not what its type says: whoever answers field by field can say which. */
const ABANDONED = new Error('a value is not what its type says');

export function abandon(): never {
  throw ABANDONED;
}

export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** Goes on at once where there is nothing to wait for. */
export function then<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** All answers, at once where none is a promise. What is thrown comes as a rejection, so that no promise is left alone. */
export function all<S, T>(sources: readonly S[], answer: (source: S) => T | Promise<T>): T[] | Promise<T[]> {
  const answers = sources.map((source) => {
    try {
      return answer(source);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  });
  return answers.some(isPromise) ? Promise.all(answers) : (answers as T[]);
}
