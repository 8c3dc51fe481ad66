import { ProtobufCursor } from '../protobuf/cursor';

/**
 * What a checkpoint's object graph says of its keys: the names that the program gave its variables,
 * and which of them an optimiser owns.
 * Source: tensorflow/core/protobuf/trackable_object_graph.proto.
 */
export interface ObjectGraph {
  /** `bn_conv1/gamma` for `model/layer-2/gamma/.ATTRIBUTES/VARIABLE_VALUE`, where the program named it. */
  readonly fullNames: ReadonlyMap<string, string>;
  /** Keys of optimiser slots: momentum and the like, one for a variable each. */
  readonly slotKeys: ReadonlySet<string>;
}

export function parseObjectGraph(bytes: Uint8Array): ObjectGraph {
  const cursor = new ProtobufCursor(bytes);
  const fullNames = new Map<string, string>();
  const keysOfNode: string[][] = [];
  const slotNodes: number[] = [];
  while (cursor.next()) {
    if (cursor.field === 1 && cursor.wire === 2) {
      keysOfNode.push(parseNode(cursor.message(), fullNames, slotNodes));
    } else {
      cursor.skip();
    }
  }
  return { fullNames, slotKeys: new Set(slotNodes.flatMap(node => keysOfNode[node] ?? [])) };
}

/** @returns the keys of the node's own values */
function parseNode(
  node: ProtobufCursor,
  fullNames: Map<string, string>,
  slotNodes: number[],
): string[] {
  const keys: string[] = [];
  while (node.next()) {
    if (node.field === 2 && node.wire === 2) {
      const { fullName, key } = parseAttribute(node.message());
      if (key === '') continue;
      keys.push(key);
      if (fullName !== '') fullNames.set(key, fullName);
    } else if (node.field === 3 && node.wire === 2) {
      slotNodes.push(parseSlot(node.message()));
    } else {
      node.skip();
    }
  }
  return keys;
}

/** SerializedTensor: name 1, full_name 2, checkpoint_key 3. */
function parseAttribute(attribute: ProtobufCursor): { fullName: string; key: string } {
  let fullName = '';
  let key = '';
  while (attribute.next()) {
    if (attribute.field === 2 && attribute.wire === 2) fullName = attribute.text();
    else if (attribute.field === 3 && attribute.wire === 2) key = attribute.text();
    else attribute.skip();
  }
  return { fullName, key };
}

/** SlotVariableReference: original_variable_node_id 1, slot_name 2, slot_variable_node_id 3. */
function parseSlot(slot: ProtobufCursor): number {
  let node = -1;
  while (slot.next()) {
    if (slot.field === 3 && slot.wire === 0) node = slot.varint();
    else slot.skip();
  }
  return node;
}
