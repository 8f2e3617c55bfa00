import type { Admit } from '../dynamodb/aws-json-server';
import { ServiceError } from '../dynamodb/service-error';
import { accessRequestsOf, type Resources, type Service } from './access-requests';
import { allowedBy, permissionsIn, type Statement } from './policy';

/** One permission of a function's role. */
export interface RolePermission {
  readonly functionName: string;
  /** An action and what it is limited to: `dynamodb:GetItem account/*`. */
  readonly permission: string;
  /** Some call needed it. */
  readonly used: boolean;
}

/**
 * Lets a function do what its role allows and nothing else, as IAM does. Functions are known by their access key id,
 * which is their name; whoever else calls stands outside the service and may do anything.
 */
export class AccessControl {
  readonly #roles = new Map<string, readonly Statement[]>();
  readonly #used = new Map<string, Set<string>>();
  #resources: Resources = { tables: [], queues: [], keyArn: '' };

  /** From now on these functions are held to their roles. */
  enforce(
    functions: readonly {
      readonly name: string;
      readonly role: readonly Statement[] | undefined;
    }[],
    resources: Resources,
  ): void {
    this.#resources = resources;
    for (const { name, role } of functions) {
      if (role === undefined) continue;
      this.#roles.set(name, role);
      this.#used.set(name, new Set());
    }
  }

  /** What a server of this service asks before it answers a call. */
  doorOf(service: Service): Admit {
    return (caller, operation, body) => {
      const role = this.#roles.get(caller);
      if (role === undefined) return;
      const requests = accessRequestsOf(service, operation, body, this.#resources);
      if (requests === undefined) throw denied(caller, `${service}:${operation}`, 'anything');
      for (const request of requests) {
        const permissions = allowedBy(role, request);
        if (permissions === undefined) {
          const on = [request.resource, ...Object.values(request.context).flat()].join(' ');
          throw denied(caller, request.action, on);
        }
        for (const one of permissions) this.#used.get(caller)?.add(one);
      }
    };
  }

  permissions(): readonly RolePermission[] {
    return [...this.#roles].flatMap(([functionName, role]) =>
      role.flatMap(permissionsIn).map((permission) => ({
        functionName,
        permission,
        used: this.#used.get(functionName)?.has(permission) ?? false,
      })),
    );
  }
}

function denied(caller: string, action: string, on: string): ServiceError {
  return new ServiceError(
    'com.amazon.coral.service#AccessDeniedException',
    `User: ${caller} is not authorized to perform: ${action} on resource: ${on} because no identity-based policy allows the ${action} action`,
  );
}
