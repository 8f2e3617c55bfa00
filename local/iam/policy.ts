/**
 * IAM as far as our roles use it: statements that allow actions on named resources, under conditions on the partition
 * keys of a table or on the encryption context of a key.
 */

/** One statement of a role, with its references resolved. */
export interface Statement {
  readonly actions: readonly string[];
  /** ARNs; wildcards in them are not understood. */
  readonly resources: readonly string[];
  /** `ForAllValues:StringLike`: condition key → patterns. */
  readonly allLike: Readonly<Record<string, readonly string[]>>;
  /** `StringEquals`: condition key → value. */
  readonly equal: Readonly<Record<string, string>>;
}

/** One thing somebody wants to do; an operation may consist of several. */
export interface AccessRequest {
  /** `dynamodb:PutItem` */
  readonly action: string;
  readonly resource: string;
  /** Condition key → what the call says of it. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Which permissions of the statements allow this, in the words of `permissionsIn`; undefined when it is not allowed. */
export function allowedBy(
  statements: readonly Statement[],
  request: AccessRequest,
): readonly string[] | undefined {
  for (const statement of statements) {
    const { actions, resources, allLike, equal } = statement;
    if (!actions.includes(request.action) || !resources.includes(request.resource)) continue;
    const isEqual = Object.entries(equal).every(([key, value]) => {
      const given = request.context[key] ?? [];
      return given.length === 1 && given[0] === value;
    });
    if (!isEqual) continue;
    const matched = Object.entries(allLike).map(([key, patterns]) =>
      // as in AWS: true where nothing is said of the key
      (request.context[key] ?? []).map((value) => patterns.find((one) => isLike(value, one))),
    );
    if (matched.flat().includes(undefined)) continue;
    const patterns = matched.flat().filter((one) => one !== undefined);
    return patterns.length > 0
      ? patterns.map((pattern) => permission(request.action, pattern))
      : permissionsIn({ ...statement, actions: [request.action], resources: [request.resource] });
  }
  return undefined;
}

/** Each single permission of a statement: an action, and what it is limited to. */
export function permissionsIn({ actions, resources, allLike, equal }: Statement): string[] {
  const patterns = Object.values(allLike).flat();
  const equals = Object.values(equal).join('/');
  const limits = patterns.length > 0 ? patterns : equals === '' ? resources : [equals];
  return actions.flatMap((action) => limits.map((limit) => permission(action, limit)));
}

function permission(action: string, limit: string): string {
  return `${action} ${limit}`;
}

/** `*` stands for any text, `?` for any character. */
function isLike(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}
