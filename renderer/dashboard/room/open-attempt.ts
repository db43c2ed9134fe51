import { useRoute } from '#renderer/dashboard/shell/navigation.ts';

/** The examinee whose panel is open beside the plan: the address says it. */
export const useOpenAttempt = (): string | null => {
  const route = useRoute();
  return route.name === 'attempt' || route.name === 'timeline' ? route.params.attemptId : null;
};
