import { createContext, type ReactNode, use } from 'react';

/** A part that `compose.ts` makes once, and how the screens below its provider get it. */
export const createPart = <T,>(
  name: string,
): readonly [(given: { value: T; children: ReactNode }) => ReactNode, () => T] => {
  const Part = createContext<T | null>(null);
  const Provider = ({ value, children }: { value: T; children: ReactNode }) => (
    <Part value={value}>{children}</Part>
  );
  const usePart = (): T => {
    const part = use(Part);
    if (part === null) throw new Error(`A screen was drawn outside ${name}`);
    return part;
  };
  return [Provider, usePart];
};
