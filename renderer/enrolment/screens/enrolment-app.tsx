import { useEnrolmentState } from '#renderer/enrolment/enrolment-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { ConsentScreen } from './consent.tsx';
import { DataScreen } from './data.tsx';
import { DeclinedScreen } from './declined.tsx';
import { DocumentScreen } from './document.tsx';
import { DoneScreen } from './done.tsx';
import { SignInScreen } from './enrolment-sign-in.tsx';
import { FaceScreen } from './face.tsx';
import { ReviewScreen } from './review.tsx';
import { WhereScreen } from './where.tsx';

const SCREENS = {
  'sign-in': SignInScreen,
  where: WhereScreen,
  consent: ConsentScreen,
  declined: DeclinedScreen,
  face: FaceScreen,
  document: DocumentScreen,
  review: ReviewScreen,
  done: DoneScreen,
  data: DataScreen,
} as const;

/** Which screen: where the person is on the road. */
export const App = () => {
  const stage = useEnrolmentState((state) => state.stage);
  const Screen = SCREENS[stage];
  return (
    <Guarded key={stage} shape="screen">
      <Screen />
    </Guarded>
  );
};
