import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { OwnOperation } from '../documents/read.ts';

/**
 * An expected answer's `data` with its keys as a GraphQL server orders them: by the selections of
 * the operation (GraphQL specification, 6.3.2 "Field Collection"). Which fragments apply to an object
 * is told by its `__typename` or by the schema; a fragment of which neither tells counts with all its
 * fields, which need not be there. `problem` names the first path that is selected and missing, or
 * there and not selected.
 */
export function inSelectionOrder(
  expected: unknown,
  operation: Pick<OwnOperation, 'definition' | 'fragments'>,
  variables: Record<string, unknown>,
  schema: GraphQLSchema | null,
): { data: unknown; problem: string | null } {
  const ordering = new Ordering(operation, variables, schema);
  const root = schema?.getRootType(operation.definition.operation)?.name ?? null;
  const data = ordering.order(expected, [operation.definition.selectionSet], root, 'data');
  return { data, problem: ordering.problem };
}

/** The selections of one response key, and whether it surely is in the answer. */
interface Collected {
  nodes: FieldNode[];
  certain: boolean;
}

class Ordering {
  problem: string | null = null;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Record<string, unknown>;
  readonly #schema: GraphQLSchema | null;

  constructor(
    { definition, fragments }: Pick<OwnOperation, 'definition' | 'fragments'>,
    variables: Record<string, unknown>,
    schema: GraphQLSchema | null,
  ) {
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
    const defaults = (definition.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.BOOLEAN ? [[variable.name.value, defaultValue.value]] : [],
    );
    this.#variables = { ...Object.fromEntries(defaults), ...variables };
    this.#schema = schema;
  }

  /** @param declared the type's name by the schema; null where it is not known */
  order(
    value: unknown,
    sets: readonly SelectionSetNode[],
    declared: string | null,
    path: string,
  ): unknown {
    if (value === null || value === undefined || sets.length === 0) return value;
    if (Array.isArray(value)) {
      return value.map((element, index) => this.order(element, sets, declared, `${path}.${index}`));
    }
    if (typeof value !== 'object') {
      this.problem ??= `${path} is ${JSON.stringify(value)}, but fields of it are selected`;
      return value;
    }
    const object = value as Record<string, unknown>;
    const typeName = this.#objectType(object, declared);
    const collected = new Map<string, Collected>();
    for (const set of sets) this.#collect(set.selections, typeName, true, collected);
    const ordered: [string, unknown][] = [];
    for (const [key, { nodes, certain }] of collected) {
      if (Object.hasOwn(object, key)) {
        const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
        const type = this.#fieldType(typeName ?? declared, nodes[0]?.name.value ?? '');
        ordered.push([key, this.order(object[key], below, type, `${path}.${key}`)]);
      } else if (certain) this.problem ??= `${path}.${key} is selected and missing`;
    }
    const other = Object.keys(object).find((key) => !collected.has(key));
    if (other !== undefined) this.problem ??= `${path}.${other} is not selected`;
    return Object.fromEntries(ordered);
  }

  #collect(
    selections: readonly SelectionNode[],
    typeName: string | null,
    certain: boolean,
    into: Map<string, Collected>,
  ): void {
    for (const selection of selections) {
      if (this.#leftOut(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const known = into.get(key);
        if (known === undefined) into.set(key, { nodes: [selection], certain });
        else {
          known.nodes.push(selection);
          known.certain ||= certain;
        }
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.#fragments.get(selection.name.value);
      const condition = fragment?.typeCondition?.name.value;
      const applies = condition === undefined ? true : this.#applies(condition, typeName);
      if (fragment === undefined || applies === false) continue;
      this.#collect(fragment.selectionSet.selections, typeName, certain && applies === true, into);
    }
  }

  #leftOut({ directives = [] }: SelectionNode): boolean {
    return directives.some(({ name, arguments: given = [] }) => {
      const condition = given.find((argument) => argument.name.value === 'if')?.value;
      const value =
        condition?.kind === Kind.VARIABLE
          ? this.#variables[condition.name.value]
          : condition?.kind === Kind.BOOLEAN && condition.value;
      return (
        (name.value === 'skip' && value === true) || (name.value === 'include' && value === false)
      );
    });
  }

  #objectType(object: Record<string, unknown>, declared: string | null): string | null {
    if (typeof object.__typename === 'string') return object.__typename;
    return declared !== null && isObjectType(this.#schema?.getType(declared)) ? declared : null;
  }

  #applies(condition: string, typeName: string | null): boolean | 'perhaps' {
    if (typeName === null) return 'perhaps';
    if (condition === typeName) return true;
    const type = this.#schema?.getType(typeName);
    const conditionType = this.#schema?.getType(condition);
    if (!isObjectType(type) || conditionType === undefined) return 'perhaps';
    return isAbstractType(conditionType) && this.#schema?.isSubType(conditionType, type) === true;
  }

  #fieldType(parent: string | null, field: string): string | null {
    const type = parent === null ? undefined : this.#schema?.getType(parent);
    if (!isObjectType(type) && !isInterfaceType(type)) return null;
    const found = type.getFields()[field];
    return found === undefined ? null : getNamedType(found.type).name;
  }
}
