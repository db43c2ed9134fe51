import { useEffect, useState } from 'react';

/** An address for a JPEG that is in memory only; it ends with the screen. */
export const usePicture = (jpeg: Uint8Array | null): string | null => {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (jpeg === null) return setAddress(null);
    const made = URL.createObjectURL(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [jpeg]);
  return address;
};
