import { JsonObject } from '../service-plan';

/** What a container's security context depends on. */
interface SecurityWish {
  readonly user?: number;
  readonly nonRoot?: boolean;
  readonly readOnlyRoot?: boolean;
}

/** A container's security context: Pod Security 'restricted', but for what its image can't do. */
export function restricted(wish: SecurityWish): JsonObject {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: wish.readOnlyRoot ?? true,
    runAsNonRoot: wish.nonRoot === false ? undefined : true,
    runAsUser: wish.user,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}
