import { useEffect, useState } from 'react';
import { check } from '#shared/kernel/schema.ts';
import { InstitutionSchema } from '#shared/wire/http.ts';

/** Beside the pages, whatever path a proxy puts before. */
const ADDRESS = '../api/institution';

/** @returns whose examinations these are; null when nobody has said it, or the server does not answer. */
const loadInstitution = async (): Promise<string | null> => {
  try {
    const answer = await fetch(new URL(ADDRESS, document.baseURI));
    if (!answer.ok) return null;
    const read = check(InstitutionSchema, await answer.json());
    return read.ok ? read.value.name : null;
  } catch {
    return null;
  }
};

/** Whose examinations these are, for pages that ask the server themselves; null until it has answered. */
export const useInstitution = (): string | null => {
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    void loadInstitution().then((loaded) => {
      if (!gone) setName(loaded);
    });
    return () => {
      gone = true;
    };
  }, []);
  return name;
};
