/** The exams' question banks. */
export interface BankStore {
  /** The exam's question bank (JSON) and the secret that seeds its forms. */
  bank(examId: string): Promise<{ readonly bank: unknown; readonly secret: string } | null>;
}
