import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import type { Message } from './message';

/** Keeps messages beyond the life of the process. */
export interface MessageJournal {
  add(queueName: string, message: Message): void;
  /** Keeps who received it last, until when it is hidden, and in which queue it is now. */
  update(queueName: string, message: Message): void;
  remove(message: Message): void;
  /** Everything kept, by queue, in the order it was sent. */
  load(): Map<string, Message[]>;
  /** Resolves when all changes so far are kept; nothing is acknowledged before. */
  flush(): Promise<void>;
  close(): void;
}

/** Keeps nothing. */
export const forgetfulJournal: MessageJournal = {
  add: () => {},
  update: () => {},
  remove: () => {},
  load: () => new Map(),
  flush: () => Promise.resolve(),
  close: () => {},
};

/** What never changes of a message is kept apart from what every receive changes, for it may be large. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS contents (sequence INTEGER PRIMARY KEY, content TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS states (
    sequence INTEGER PRIMARY KEY, queue TEXT NOT NULL, hidden_until_ms INTEGER NOT NULL,
    receive_count INTEGER NOT NULL, first_received_at_ms INTEGER, receipt_handle TEXT, dead_letter_source_arn TEXT
  );`;

const contentSchema = v.object({
  id: v.string(),
  body: v.string(),
  md5OfBody: v.string(),
  attributes: v.record(
    v.string(),
    v.object({
      DataType: v.string(),
      StringValue: v.optional(v.string()),
      BinaryValue: v.optional(v.string()),
    }),
  ),
  groupId: v.optional(v.string()),
  traceHeader: v.optional(v.string()),
  sentAtMs: v.number(),
});

const rowSchema = v.object({
  sequence: v.number(),
  content: v.string(),
  queue: v.string(),
  hidden_until_ms: v.number(),
  receive_count: v.number(),
  first_received_at_ms: v.nullable(v.number()),
  receipt_handle: v.nullable(v.string()),
  dead_letter_source_arn: v.nullable(v.string()),
});

/**
 * Keeps messages in a SQLite file in `folder`. All changes of one turn of the event loop are one transaction.
 * A killed process loses nothing that was acknowledged; a power cut may lose the last moments.
 */
export function openMessageJournal(folder: string): MessageJournal {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'messages.sqlite'));
  // exclusive: a second stack on the same folder fails at once instead of sending everything twice
  database.exec(
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;',
  );
  database.exec(SCHEMA);

  const insertContent = database.prepare('INSERT INTO contents VALUES (?, ?)');
  const replaceState = database.prepare(
    'INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const deleteContent = database.prepare('DELETE FROM contents WHERE sequence = ?');
  const deleteState = database.prepare('DELETE FROM states WHERE sequence = ?');
  const selectAll = database.prepare(
    'SELECT * FROM states JOIN contents USING (sequence) ORDER BY sequence',
  );

  let transaction: Promise<void> | undefined;
  function begin(): void {
    if (transaction) return;
    database.exec('BEGIN');
    transaction = new Promise((resolve, reject) => {
      setImmediate(() => {
        if (!database.isOpen) return resolve();
        transaction = undefined;
        try {
          database.exec('COMMIT');
          resolve();
        } catch (error) {
          database.exec('ROLLBACK');
          reject(error);
        }
      });
    });
    // whoever waits in flush() hears of it
    transaction.catch(() => {});
  }

  function writeState(queueName: string, message: Message): void {
    replaceState.run(
      message.sequence,
      queueName,
      message.state === 'ready' ? 0 : message.hiddenUntilMs,
      message.receiveCount,
      message.firstReceivedAtMs ?? null,
      message.receiptHandle ?? null,
      message.deadLetterSourceArn ?? null,
    );
  }

  return {
    add(queueName, message) {
      begin();
      const { id, body, md5OfBody, attributes, groupId, traceHeader, sentAtMs } = message;
      const content = { id, body, md5OfBody, attributes, groupId, traceHeader, sentAtMs };
      insertContent.run(message.sequence, JSON.stringify(content));
      writeState(queueName, message);
    },
    update(queueName, message) {
      begin();
      writeState(queueName, message);
    },
    remove({ sequence }) {
      begin();
      deleteContent.run(sequence);
      deleteState.run(sequence);
    },
    load() {
      const queues = new Map<string, Message[]>();
      for (const row of v.parse(v.array(rowSchema), selectAll.all())) {
        const messages = queues.get(row.queue) ?? [];
        messages.push(readMessage(row));
        queues.set(row.queue, messages);
      }
      return queues;
    },
    flush: () => transaction ?? Promise.resolve(),
    close() {
      if (transaction) database.exec('COMMIT');
      database.close();
    },
  };
}

function readMessage(row: v.InferOutput<typeof rowSchema>): Message {
  const content = v.parse(contentSchema, JSON.parse(row.content));
  const isHidden = row.hidden_until_ms > 0;
  return {
    ...content,
    groupId: content.groupId,
    traceHeader: content.traceHeader,
    sequence: row.sequence,
    state: isHidden ? (row.receipt_handle === null ? 'delayed' : 'in-flight') : 'ready',
    hiddenUntilMs: row.hidden_until_ms,
    heapIndex: -1,
    receiveCount: row.receive_count,
    firstReceivedAtMs: row.first_received_at_ms ?? undefined,
    receiptHandle: row.receipt_handle ?? undefined,
    deadLetterSourceArn: row.dead_letter_source_arn ?? undefined,
  };
}
